package dev.aside.cache.redis.torture;

/** What the caches stand in front of. Thread-safe. */
interface Store {
    /** Writes a key; the version that is committed when this returns. */
    long commit(String key);

    /** The version committed last. */
    long version(String key);
}
