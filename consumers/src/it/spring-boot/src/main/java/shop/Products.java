package shop;

import dev.aside.cache.annotation.CacheInvalidate;
import dev.aside.cache.annotation.Cached;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
public class Products {
    private final JdbcClient jdbc;

    Products(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Cached(name = "product", key = "sku", policy = "reference")
    public Optional<Product> bySku(String sku) {
        return jdbc.sql("SELECT sku, name FROM product WHERE sku = ?").param(sku).query(Product.class).optional();
    }

    @CacheInvalidate(name = "product", key = "product.sku")
    public void save(Product product) {
        jdbc.sql("UPDATE product SET name = :name WHERE sku = :sku").paramSource(product).update();
    }
}
