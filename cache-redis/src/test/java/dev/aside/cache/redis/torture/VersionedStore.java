package dev.aside.cache.redis.torture;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/** The database: the version of each key, 1 until it is written. Thread-safe. */
final class VersionedStore implements Store {
    private final ConcurrentMap<String, AtomicLong> versions = new ConcurrentHashMap<>();

    private AtomicLong of(String key) {
        return versions.computeIfAbsent(key, k -> new AtomicLong(1));
    }

    @Override
    public long commit(String key) {
        return of(key).incrementAndGet();
    }

    @Override
    public long version(String key) {
        return of(key).get();
    }
}
