package dev.aside.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client that follows no redirects by itself. */
final class Browser {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final JsonMapper JSON = new JsonMapper();

    private Browser() {}

    /** An answer, its body read. */
    record Reply(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        String body() {
            return response.body();
        }

        /** The header, or an empty text. */
        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        String source() {
            return header("X-Aside-Source");
        }

        JsonNode json() {
            return JSON.readTree(body());
        }
    }

    /** Posts bytes and gets bytes. */
    static HttpResponse<byte[]> post(String url, String contentType, byte[] body) {
        return bytes(HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofByteArray(body))
                .build());
    }

    static HttpResponse<byte[]> getBytes(String url) {
        return bytes(HttpRequest.newBuilder(URI.create(url)).build());
    }

    private static HttpResponse<byte[]> bytes(HttpRequest request) {
        try {
            return CLIENT.send(request, BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new AssertionError(request + " was not answered", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted during " + request, e);
        }
    }

    static Reply get(String url, String... headers) {
        return send("GET", url, headers);
    }

    static Reply send(String method, String url, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return new Reply(CLIENT.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new AssertionError(method + " " + url + " was not answered", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted during " + method + " " + url, e);
        }
    }
}
