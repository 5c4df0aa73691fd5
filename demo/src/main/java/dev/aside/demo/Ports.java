package dev.aside.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Makes sure of the nodes' ports before anything is started. */
final class Ports {
    private Ports() {}

    /**
     * The ports, with a free one in the place of each 0.
     *
     * @throws DemoException if one is taken
     */
    static List<Integer> free(List<Integer> wanted) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int port : wanted) {
                held.add(open(port));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            held.forEach(Ports::close);
        }
    }

    private static ServerSocket open(int port) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket;
        } catch (IOException e) {
            throw new DemoException(
                    "port " + port + " is taken: " + e.getMessage() + " [hint: choose others with --ports=8090,8091]",
                    e);
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new DemoException("port " + socket.getLocalPort() + " cannot be given back: " + e.getMessage(), e);
        }
    }
}
