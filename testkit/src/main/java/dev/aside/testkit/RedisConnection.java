package dev.aside.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A connection to one Redis server that speaks as much RESP2 as test set-ups need. One thread at a time. */
final class RedisConnection implements Closeable {
    private final Socket socket = new Socket();
    private final InputStream in;

    private RedisConnection(RedisAddress address, Duration timeout) throws IOException {
        int millis = Math.toIntExact(timeout.toMillis());
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(address.host(), address.port()), millis);
        socket.setSoTimeout(millis);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Connects, and authenticates and selects the database if the address says so. */
    static RedisConnection open(RedisAddress address, Duration timeout) throws IOException {
        RedisConnection connection = new RedisConnection(address, timeout);
        try {
            for (List<String> command : address.greeting()) {
                connection.command(command);
            }
            return connection;
        } catch (IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Sends one command and waits for its reply.
     *
     * @throws RedisCommandException if the server answers with an error
     */
    RedisReply command(List<String> command) throws IOException {
        socket.getOutputStream().write(encode(command));
        return read(command.get(0));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static byte[] encode(List<String> command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        line(out, "*" + command.size());
        for (String argument : command) {
            byte[] bytes = argument.getBytes(StandardCharsets.UTF_8);
            line(out, "$" + bytes.length);
            out.writeBytes(bytes);
            line(out, "");
        }
        return out.toByteArray();
    }

    private static void line(ByteArrayOutputStream out, String text) {
        out.writeBytes((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private RedisReply read(String command) throws IOException {
        String line = readLine();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> RedisReply.of(rest);
            case ':' -> RedisReply.of(Long.parseLong(rest));
            case '$' -> readText(Integer.parseInt(rest));
            case '*' -> readList(command, Integer.parseInt(rest));
            case '-' -> throw new RedisCommandException(command, rest);
            default -> throw new IOException("This is no Redis server: it answered '" + line + "'");
        };
    }

    private RedisReply readText(int length) throws IOException {
        if (length < 0) {
            return RedisReply.of(null);
        }
        byte[] bytes = in.readNBytes(length);
        readLine();
        return RedisReply.of(new String(bytes, StandardCharsets.UTF_8));
    }

    private RedisReply readList(String command, int size) throws IOException {
        if (size < 0) {
            return RedisReply.of(null);
        }
        List<RedisReply> items = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            items.add(read(command));
        }
        return RedisReply.of(List.copyOf(items));
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("Redis closed the connection");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
