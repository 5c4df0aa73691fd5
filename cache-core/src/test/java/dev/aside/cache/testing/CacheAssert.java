package dev.aside.cache.testing;

import dev.aside.cache.Cache;
import java.util.Objects;

/** Assertions about what a process holds of a cache and what it has counted. */
public final class CacheAssert<K, V> {
    private final Cache<K, V> cache;

    CacheAssert(Cache<K, V> cache) {
        this.cache = cache;
    }

    /** The process holds that value of the key and may serve it. */
    public CacheAssert<K, V> holds(K key, V value) {
        V held = cache.peek(key);
        return check(Objects.equals(held, value), "to hold " + value + " for " + key + ", but it holds " + held);
    }

    /** The process holds no value of the key that it may serve; an absence counts as none. */
    public CacheAssert<K, V> holdsNothingFor(K key) {
        V held = cache.peek(key);
        return check(held == null, "to hold nothing for " + key + ", but it holds " + held);
    }

    /** The process has loaded that many keys, since the cache was defined. */
    public CacheAssert<K, V> hasLoaded(long keys) {
        return count("loaded", keys, cache.stats().loads());
    }

    /** The loads of that many keys have failed. */
    public CacheAssert<K, V> hasFailedToLoad(long keys) {
        return count("failed to load", keys, cache.stats().loadFailures());
    }

    /** That many reads were answered with a stale value. */
    public CacheAssert<K, V> hasServedStale(long reads) {
        return count("served stale", reads, cache.stats().staleServed());
    }

    /** That many loaded values were not kept, because they were invalidated meanwhile. */
    public CacheAssert<K, V> hasRefusedFills(long values) {
        return count("refused fills of", values, cache.stats().fillsRefused());
    }

    /** That many calls invalidated entries from this process. */
    public CacheAssert<K, V> hasInvalidated(long calls) {
        return count("invalidated", calls, cache.stats().invalidations());
    }

    private CacheAssert<K, V> count(String what, long expected, long actual) {
        return check(actual == expected, "to have " + what + " " + expected + ", but it has " + actual);
    }

    private CacheAssert<K, V> check(boolean right, String expectation) {
        if (!right) {
            throw new AssertionError("expected cache '" + cache.name() + "' " + expectation + "; " + cache.stats());
        }
        return this;
    }
}
