package dev.aside.demo.shop;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Products in PostgreSQL. */
@Repository
class JdbcProducts implements ProductRepository {
    private final JdbcClient jdbc;

    JdbcProducts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<Product> bySku(String sku) {
        return jdbc.sql("SELECT sku, name, price FROM product WHERE sku = :sku")
                .param("sku", sku)
                .query(Product.class)
                .optional();
    }

    @Override
    public Map<String, Product> bySkus(Collection<String> skus) {
        return jdbc
                .sql("SELECT sku, name, price FROM product WHERE sku IN (:skus)")
                .param("skus", skus)
                .query(Product.class)
                .stream()
                .collect(Collectors.toMap(Product::sku, Function.identity()));
    }

    @Override
    public boolean changePrice(String sku, BigDecimal price) {
        return jdbc.sql("UPDATE product SET price = :price WHERE sku = :sku")
                        .param("price", price)
                        .param("sku", sku)
                        .update()
                == 1;
    }
}
