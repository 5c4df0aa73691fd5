package dev.aside.spring.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.Caches;
import jakarta.persistence.EntityManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A real request to an application that sets nothing: open-in-view is Boot's default, the bridge is ours. */
class OpenInViewRequestIT {
    private final PriceDatabase database = PriceDatabase.shared();

    @Test
    void request_thatHasReadTheOldValue_getsAndStoresTheNewOne() throws Exception {
        database.reset();
        try (ConfigurableApplicationContext app = new SpringApplicationBuilder(App.class)
                .properties("server.port=0", "spring.datasource.url=" + database.url(), "spring.main.banner-mode=off")
                .run()) {
            String port = app.getEnvironment().getProperty("local.server.port");
            String answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/price"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            assertThat(answer)
                    .as("first, then the request's context, then the cache")
                    .isEqualTo("1 1 2");
            assertThat(app.getBean("prices", Prices.class).of("a")).isEqualTo(2);
            assertThat(app.getBean(Caches.class).all().get(0).stats().loads()).isEqualTo(1);
        }
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(PriceController.class)
    static class App {
        @Bean
        Prices prices(Caches caches, EntityManager entities) {
            return caches.proxy(Prices.class, new JpaPrices(entities));
        }
    }

    @RestController
    static class PriceController {
        private final Prices prices;
        private final Prices pastTheCache;
        private final TransactionTemplate transaction;

        PriceController(Prices prices, EntityManager entities, PlatformTransactionManager manager) {
            this.prices = prices;
            this.pastTheCache = new JpaPrices(entities);
            this.transaction = new TransactionTemplate(manager);
        }

        @GetMapping("/price")
        String price() {
            int first = pastTheCache.of("a");
            Shop.elsewhere(() -> {
                transaction.executeWithoutResult(status -> prices.set("a", 2));
                return null;
            });
            return first + " " + pastTheCache.of("a") + " " + prices.of("a");
        }
    }
}
