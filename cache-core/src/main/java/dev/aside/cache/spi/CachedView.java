package dev.aside.cache.spi;

/** What proxies made by {@code Caches.proxy} are, so that a framework does not put a second cache before them. */
public interface CachedView {}
