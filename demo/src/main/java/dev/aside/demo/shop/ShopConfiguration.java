package dev.aside.demo.shop;

import dev.aside.cache.Caches;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What is not a component by itself; the repositories are, and need no wiring for their caches. */
@Configuration(proxyBeanMethods = false)
class ShopConfiguration {

    /** Hears of prices that are changed past the application; on one node. */
    @Bean
    @ConditionalOnProperty("shop.listen-to-database")
    PriceListenerThread priceListener(Caches caches, @Value("${spring.datasource.url}") String jdbcUrl) {
        return new PriceListenerThread(jdbcUrl, caches);
    }
}
