package shop;

import dev.aside.cache.annotation.CacheInvalidate;
import dev.aside.cache.annotation.Cached;
import dev.aside.cache.annotation.CachedBatch;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

interface ProductRepository {
    @Cached(name = "product", key = "sku", policy = "reference")
    Optional<Product> bySku(String sku);

    @CachedBatch(name = "product", key = "skus") // shares entries with bySku; one query for the misses
    Map<String, Product> bySkus(Collection<String> skus);

    @CacheInvalidate(name = "product", key = "product.sku") // on every node, before the call returns
    void save(Product product);
}
