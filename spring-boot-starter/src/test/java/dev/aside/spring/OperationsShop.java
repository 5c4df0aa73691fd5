package dev.aside.spring;

import dev.aside.cache.Cache;
import dev.aside.cache.Caches;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A shop with a web server and one cache, for tests of what operators see. */
final class OperationsShop implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final ConfigurableApplicationContext context;
    private final int port;

    private OperationsShop(ConfigurableApplicationContext context) {
        this.context = context;
        this.port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    /** Starts it on a free port, with all of Boot but what wants a database or a Redis of its own. */
    static OperationsShop start(String... properties) {
        List<String> all = new ArrayList<>(List.of(
                "server.port=0",
                "spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration,"
                        + "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
                "management.endpoints.web.exposure.include=aside,health,metrics",
                "management.endpoint.health.show-details=always"));
        all.addAll(List.of(properties));
        return new OperationsShop(new SpringApplicationBuilder(App.class)
                .web(WebApplicationType.SERVLET)
                .bannerMode(Banner.Mode.OFF)
                .properties(all.toArray(new String[0]))
                .run());
    }

    int port() {
        return port;
    }

    ConfigurableApplicationContext context() {
        return context;
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** An answer: its status and its JSON. */
    record Reply(int status, JsonNode body) {
        /** A field's value, by JSON pointer. */
        String text(String pointer) {
            return body.at(pointer).asString();
        }
    }

    Reply get(String path) {
        return send(request(path).GET());
    }

    Reply delete(String path) {
        return send(request(path).DELETE());
    }

    Reply post(String path, String json) {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
    }

    CompletableFuture<HttpResponse<String>> getLater(String path) {
        return http.sendAsync(request(path).GET().build(), BodyHandlers.ofString());
    }

    /** What Boot's endpoint tells of a meter. */
    double metric(String name, String... tags) {
        StringBuilder path = new StringBuilder("/actuator/metrics/" + name);
        for (int i = 0; i < tags.length; i++) {
            path.append(i == 0 ? '?' : '&').append("tag=").append(tags[i]);
        }
        return get(path.toString()).body().at("/measurements/0/value").asDouble();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
    }

    private Reply send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            String body = response.body();
            return new Reply(
                    response.statusCode(),
                    body.startsWith("{")
                            ? JSON.readTree(body)
                            : JSON.getNodeFactory().stringNode(body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        context.close();
    }

    /** Where a request stops until a test lets it go on. */
    static final class Barrier {
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch open = new CountDownLatch(1);
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        @Bean
        Barrier barrier() {
            return new Barrier();
        }

        @Bean
        Cache<Long, String> stock(Caches caches) {
            return caches.cache("stock", Long.class, String.class);
        }

        @Bean
        StockController stockController(Cache<Long, String> stock, Barrier barrier) {
            return new StockController(stock, barrier);
        }
    }

    @RestController
    static class StockController {
        private final Cache<Long, String> stock;
        private final Barrier barrier;

        StockController(Cache<Long, String> stock, Barrier barrier) {
            this.stock = stock;
            this.barrier = barrier;
        }

        @GetMapping("/stock/{id}")
        String stock(@PathVariable("id") long id) {
            return stock.get(id, key -> "pieces of " + key);
        }

        @GetMapping("/last/{id}")
        String last(@PathVariable("id") long id) throws InterruptedException {
            barrier.entered.countDown();
            barrier.open.await();
            stock.invalidate(id);
            return stock.get(id, key -> "the last of " + key);
        }
    }
}
