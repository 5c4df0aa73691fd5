package dev.aside.demo.shop;

import dev.aside.cache.Caches;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The repositories behind their caches: this is all the wiring Aside needs. */
@Configuration(proxyBeanMethods = false)
class ShopConfiguration {

    @Bean
    ProductRepository products(Caches caches, JdbcClient jdbc) {
        return caches.proxy(ProductRepository.class, new JdbcProducts(jdbc));
    }

    /** Hears of prices that are changed past the application; on one node. */
    @Bean
    @ConditionalOnProperty("shop.listen-to-database")
    PriceListenerThread priceListener(Caches caches, @Value("${spring.datasource.url}") String jdbcUrl) {
        return new PriceListenerThread(jdbcUrl, caches);
    }

    @Bean
    CustomerRepository customers(Caches caches, JdbcClient jdbc) {
        return caches.proxy(CustomerRepository.class, new JdbcCustomers(jdbc));
    }

    @Bean
    SalesRepository sales(Caches caches, JdbcTemplate jdbc) {
        return caches.proxy(SalesRepository.class, new JdbcSales(jdbc));
    }
}
