package dev.aside.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Free TCP ports of the loopback interface. */
final class Ports {
    private Ports() {}

    /** A port that was free a moment ago; whoever uses it must be ready to find it taken. */
    static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("No free port on 127.0.0.1", e);
        }
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    static int require(int port) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("A port is within 1..65535, not " + port);
        }
        return port;
    }

    /** Whether a server's log says that its port is taken, in the words of glibc or of musl. */
    static boolean saysTaken(String log) {
        return log.contains("Address already in use") || log.contains("Address in use");
    }
}
