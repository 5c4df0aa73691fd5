package dev.aside.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.aside.cache.spi.RemoteTier;
import java.util.function.DoubleSupplier;

/**
 * What all caches of one {@link Caches} share. Immutable.
 *
 * @param remote the remote tier
 * @param time where time comes from
 * @param threads where steps run that have no caller
 * @param listeners who is told
 * @param callers what is asked about the calling thread
 */
record CacheContext(RemoteTier remote, TimeSources time, CacheThreads threads, Listeners listeners, Callers callers) {

    /**
     * What is asked about the calling thread. Immutable.
     *
     * @param blocking whether it may wait
     * @param transactions what its transaction has touched
     */
    record Callers(BlockingCalls blocking, Transactions transactions) {}

    Ticker ticker() {
        return time.ticker();
    }

    DoubleSupplier random() {
        return time.random();
    }

    /** Whether there is a tier to wait for. */
    boolean hasRemote() {
        return remote != LocalOnlyTier.INSTANCE;
    }
}
