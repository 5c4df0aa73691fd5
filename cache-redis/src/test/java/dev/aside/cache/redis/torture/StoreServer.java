package dev.aside.cache.redis.torture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A store for other processes: a line {@code commit key} or {@code version key} is answered by a version. */
final class StoreServer implements AutoCloseable {
    private final ServerSocket socket;
    private final Store store;

    StoreServer(Store store) {
        this.store = store;
        try {
            socket = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    private static void thread(Runnable task) {
        Thread thread = new Thread(task, "torture-store");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = socket.accept();
                client.setTcpNoDelay(true);
                thread(() -> serve(client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket client) {
        try (client;
                BufferedReader in = Client.reader(client);
                PrintWriter out = Client.writer(client)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String key = line.substring(line.indexOf(' ') + 1);
                out.println(line.startsWith("commit") ? store.commit(key) : store.version(key));
            }
        } catch (IOException e) {
            // the client was killed
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The store as another process sees it, over one connection per thread. */
    static final class Client implements Store {
        private final ThreadLocal<Connection> connections;

        Client(int port) {
            connections = ThreadLocal.withInitial(() -> Connection.open(port));
        }

        static BufferedReader reader(Socket socket) throws IOException {
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        static PrintWriter writer(Socket socket) throws IOException {
            return new PrintWriter(socket.getOutputStream(), true, StandardCharsets.UTF_8);
        }

        private record Connection(BufferedReader in, PrintWriter out) {
            static Connection open(int port) {
                try {
                    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                    socket.setTcpNoDelay(true);
                    return new Connection(reader(socket), writer(socket));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            long ask(String line) {
                out.println(line);
                try {
                    return Long.parseLong(in.readLine());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        @Override
        public long commit(String key) {
            return connections.get().ask("commit " + key);
        }

        @Override
        public long version(String key) {
            return connections.get().ask("version " + key);
        }
    }
}
