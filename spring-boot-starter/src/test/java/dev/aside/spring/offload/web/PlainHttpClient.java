package dev.aside.spring.offload.web;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The JDK's client behind the interface of azure-core, which leaves redirects to its poller. */
final class PlainHttpClient implements HttpClient {
    private static final Set<String> OWN = Set.of("content-length", "host", "connection");

    private final java.net.http.HttpClient http = java.net.http.HttpClient.newHttpClient();

    @Override
    public Mono<HttpResponse> send(HttpRequest request) {
        java.net.http.HttpRequest.Builder plain = java.net.http.HttpRequest.newBuilder(
                        URI.create(request.getUrl().toString()))
                .method(request.getHttpMethod().name(), BodyPublishers.noBody());
        request.getHeaders().stream()
                .filter(header -> !OWN.contains(header.getName().toLowerCase(java.util.Locale.ROOT)))
                .forEach(header -> plain.header(header.getName(), header.getValue()));
        return Mono.fromFuture(http.sendAsync(plain.build(), BodyHandlers.ofByteArray()))
                .map(response -> new Answer(request, response));
    }

    private static final class Answer extends HttpResponse {
        private final java.net.http.HttpResponse<byte[]> response;

        Answer(HttpRequest request, java.net.http.HttpResponse<byte[]> response) {
            super(request);
            this.response = response;
        }

        @Override
        public int getStatusCode() {
            return response.statusCode();
        }

        @Override
        @Deprecated
        public String getHeaderValue(String name) {
            return response.headers().firstValue(name).orElse(null);
        }

        @Override
        public HttpHeaders getHeaders() {
            HttpHeaders headers = new HttpHeaders();
            response.headers().map().forEach((name, values) -> headers.set(HttpHeaderName.fromString(name), values));
            return headers;
        }

        @Override
        public Flux<ByteBuffer> getBody() {
            return Flux.just(ByteBuffer.wrap(response.body()));
        }

        @Override
        public Mono<byte[]> getBodyAsByteArray() {
            return Mono.just(response.body());
        }

        @Override
        public Mono<String> getBodyAsString() {
            return getBodyAsString(StandardCharsets.UTF_8);
        }

        @Override
        public Mono<String> getBodyAsString(Charset charset) {
            return Mono.just(new String(response.body(), charset));
        }
    }
}
