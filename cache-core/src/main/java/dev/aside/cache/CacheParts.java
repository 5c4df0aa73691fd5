package dev.aside.cache;

import dev.aside.cache.spi.RemoteCache;

/**
 * What one cache is made of, put together by {@link CacheRegistry}. Immutable.
 *
 * @param context what all caches share
 * @param remote the cache in the remote tier
 * @param local what the process holds
 * @param invalidator invalidates, in this cache and any other
 * @param binding the policy in force
 * @param stats the counters
 */
record CacheParts(
        CacheContext context,
        RemoteCache remote,
        LocalLevel local,
        Invalidator invalidator,
        PolicyBinding binding,
        StatsCounter stats) {}
