package dev.aside.cache;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counters that an invalidation raises before it removes anything, so that a load which began earlier can tell. Striped
 * by the key's hash and shared by the caches of a process: a collision refuses a local put without need, nothing worse.
 * Thread-safe.
 */
final class Fences {
    private static final int STRIPES = 1 << 14;

    private final AtomicLongArray counters = new AtomicLongArray(STRIPES);

    long read(String cache, Object key) {
        return counters.get(stripe(cache, key));
    }

    void raise(String cache, Object key) {
        counters.incrementAndGet(stripe(cache, key));
    }

    private static int stripe(String cache, Object key) {
        int hash = (31 * cache.hashCode() + key.hashCode()) * 0x9E3779B9;
        return hash >>> (32 - 14);
    }
}
