package dev.aside.demo.shop;

import dev.aside.cache.annotation.CacheConfig;
import dev.aside.cache.annotation.CacheInvalidate;
import dev.aside.cache.annotation.Cached;
import dev.aside.cache.annotation.CachedBatch;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Products by their number. */
@CacheConfig(name = "product", policy = "reference")
public interface ProductRepository {

    /** The product, if there is one. */
    @Cached(key = "sku")
    Optional<Product> bySku(String sku);

    /** The products there are of these, by number: one query for those that no cache has. */
    @CachedBatch(key = "skus")
    Map<String, Product> bySkus(Collection<String> skus);

    /** Changes a price, on every node; false if there is no such product. */
    @CacheInvalidate(key = "sku")
    boolean changePrice(String sku, BigDecimal price);
}
