package dev.aside.shop;

import dev.aside.cache.Cache;
import dev.aside.cache.Caches;
import dev.aside.cache.TtlPolicy;
import dev.aside.cache.annotation.Cached;
import dev.aside.spring.CachesCustomizer;
import dev.aside.spring.OffloadCustomizer;
import java.time.Duration;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans of applications that do not start; outside our packages, as those of users are. */
public final class WrongBeans {
    private WrongBeans() {}

    @Configuration(proxyBeanMethods = false)
    public static class TwoPolicies {
        @Bean
        TtlPolicy prices() {
            return TtlPolicy.named("prices").ttl(Duration.ofMinutes(1)).build();
        }

        @Bean
        TtlPolicy otherPrices() {
            return TtlPolicy.named("prices").ttl(Duration.ofMinutes(2)).build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    public static class CustomizedPolicy {
        @Bean
        CachesCustomizer pricesCustomizer() {
            return builder -> builder.policy(
                    TtlPolicy.named("prices").ttl(Duration.ofMinutes(1)).build());
        }
    }

    @Configuration(proxyBeanMethods = false)
    public static class WrongPolicy {
        @Bean
        TtlPolicy prices() {
            return TtlPolicy.named("prices").jitter(20).build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    public static class UnknownPolicy {
        @Bean
        Cache<String, String> products(Caches caches) {
            return caches.cache("product", String.class, String.class, "refrence");
        }
    }

    @Configuration(proxyBeanMethods = false)
    public static class WrongCustomizer {
        @Bean
        OffloadCustomizer slowCustomizer() {
            return builder -> builder.threshold(Duration.ofHours(1));
        }
    }

    /** Asks for a policy that nobody has defined. */
    public static class Misspelt {
        @Cached(name = "product", key = "sku", policy = "refrence")
        public String bySku(String sku) {
            return sku;
        }
    }

    @Configuration(proxyBeanMethods = false)
    public static class MisspeltPolicy {
        @Bean
        Misspelt products() {
            return new Misspelt();
        }
    }

    /** Names no parameter. */
    public static class Pathless {
        @Cached(name = "product", key = "product.sku")
        public String bySku(String sku) {
            return sku;
        }
    }

    @Configuration(proxyBeanMethods = false)
    public static class WrongKey {
        @Bean
        Pathless products() {
            return new Pathless();
        }
    }

    /** Cannot be proxied. */
    public static class Final {
        @Cached(name = "product", key = "sku")
        public final String bySku(String sku) {
            return sku;
        }
    }

    @Configuration(proxyBeanMethods = false)
    public static class FinalMethod {
        @Bean
        Final products() {
            return new Final();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    public static class SpringCaching {}
}
