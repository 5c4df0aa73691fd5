package dev.aside.spring.cache;

import dev.aside.cache.Cache;

/** Finds the cache that holds one of Spring's keys, and the key in it. Thread-safe. */
interface Keys {

    /** A key where it belongs. */
    record At<K>(Cache<K, Object> cache, K key) {}

    /**
     * Where the key belongs.
     *
     * @throws IllegalArgumentException if no cache can hold it
     */
    At<?> find(Object key);

    /** The cache that everything is in which nodes share, or else all there is. */
    Cache<?, Object> main();

    /** Empties the rest, which only this process has. */
    void clearRest();
}
