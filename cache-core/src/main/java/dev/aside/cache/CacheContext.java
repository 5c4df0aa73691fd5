package dev.aside.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.aside.cache.spi.RemoteTier;
import java.util.function.DoubleSupplier;

/**
 * What all caches of one {@link Caches} share. Immutable.
 *
 * @param remote the remote tier
 * @param ticker elapsed time, exact
 * @param clock the same time, cheap to read but up to some milliseconds late: only for whether a held entry is old
 * @param threads where steps run that have no caller
 * @param listeners who is told
 * @param random 0 to 1, for jitter
 */
record CacheContext(
        RemoteTier remote,
        Ticker ticker,
        Ticker clock,
        CacheThreads threads,
        Listeners listeners,
        DoubleSupplier random) {}
