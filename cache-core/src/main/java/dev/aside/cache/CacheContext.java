package dev.aside.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.aside.cache.spi.RemoteTier;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

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

    /**
     * Waits for what an order brings, and lends it the calling thread meanwhile.
     *
     * @param order begins it, with the executor that runs its steps on the calling thread
     */
    <T> T await(Function<Executor, CompletableFuture<T>> order) {
        CallerExecutor caller = new CallerExecutor(threads);
        CompletableFuture<T> done = order.apply(caller);
        caller.runUntilDone(done);
        try {
            return done.join();
        } catch (RuntimeException e) {
            throw Failures.sneak(Failures.unwrap(e));
        }
    }
}
