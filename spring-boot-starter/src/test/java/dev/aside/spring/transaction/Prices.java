package dev.aside.spring.transaction;

import dev.aside.cache.annotation.CacheInvalidate;
import dev.aside.cache.annotation.Cached;
import dev.aside.cache.annotation.Fenced;

/** Prices of a shop, cached. */
public interface Prices {
    @Cached(name = "price")
    Integer of(String sku);

    @CacheInvalidate(name = "price", key = "sku")
    void set(String sku, int price);

    @CacheInvalidate(name = "price", key = "sku", fenced = Fenced.REQUIRED)
    void setFenced(String sku, int price);
}
