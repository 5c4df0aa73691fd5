package dev.aside.spring.offload.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A node at a port of this machine, and a client that knows nothing of it but its addresses. */
abstract class WebNode implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port;

    WebNode(int port) {
        this.port = port;
    }

    public int port() {
        return port;
    }

    public String address() {
        return "http://127.0.0.1:" + port;
    }

    /** An answer. */
    public record Reply(HttpResponse<String> response) {
        public int status() {
            return response.statusCode();
        }

        public String body() {
            return response.body();
        }

        public String header(String name) {
            return String.join(" | ", response.headers().allValues(name));
        }

        public boolean has(String name) {
            return response.headers().firstValue(name).isPresent();
        }

        /** All of them, by names in lower case, but what is of the connection and the moment. */
        public Map<String, String> headers() {
            Map<String, String> headers = new TreeMap<>();
            response.headers().map().keySet().forEach(name -> headers.put(name.toLowerCase(Locale.ROOT), header(name)));
            headers.keySet().removeAll(Set.of("date", "connection", "content-length", "transfer-encoding"));
            return headers;
        }

        public JsonNode json() {
            return JSON.readTree(response.body());
        }

        /** A member of the body, by JSON pointer. */
        public String text(String pointer) {
            return json().at(pointer).asString();
        }
    }

    /** A request to a path, or to an absolute address. */
    public HttpRequest.Builder request(String path, String... headers) {
        URI uri = URI.create(path.startsWith("http") ? path : address() + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60));
        return headers.length == 0 ? request : request.headers(headers);
    }

    public Reply get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    public Reply delete(String path, String... headers) {
        return send(request(path, headers).DELETE());
    }

    public Reply post(String path, String json, String... headers) {
        return send(request(path, headers)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json)));
    }

    public Reply send(HttpRequest.Builder request) {
        return later(request).join();
    }

    public CompletableFuture<Reply> later(HttpRequest.Builder request) {
        return http.sendAsync(request.build(), BodyHandlers.ofString()).thenApply(Reply::new);
    }

    /** What the server answers to these very bytes; it is asked to close the connection. */
    public String raw(String head) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write((head + "Connection: close\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public abstract void close();
}
