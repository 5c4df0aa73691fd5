package dev.aside.benchmarks.cache;

import dev.aside.cache.spi.CacheSpec;
import dev.aside.cache.spi.Delivery;
import dev.aside.cache.spi.FillOutcome;
import dev.aside.cache.spi.FillRequest;
import dev.aside.cache.spi.Lease;
import dev.aside.cache.spi.Lookup;
import dev.aside.cache.spi.LookupRequest;
import dev.aside.cache.spi.NodeCache;
import dev.aside.cache.spi.RemoteCache;
import dev.aside.cache.spi.RemoteTier;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A remote tier that holds nothing and checks its trust as a real one does: with one reading of the clock. */
final class ClockedTier implements RemoteTier, RemoteCache {
    private static final Lease LEASE = new Lease() {};
    private static final long BOUND = Duration.ofHours(1).toNanos();

    private volatile long freshAsOf = System.nanoTime();

    @Override
    public boolean trusted(Object key) {
        return System.nanoTime() - freshAsOf <= BOUND;
    }

    @Override
    public CompletionStage<List<Lookup>> lookup(List<?> keys, LookupRequest request) {
        freshAsOf = System.nanoTime();
        return CompletableFuture.completedStage(Collections.nCopies(keys.size(), new Lookup.Granted(LEASE, null)));
    }

    @Override
    public CompletionStage<List<FillOutcome>> fill(List<FillRequest> fills) {
        return CompletableFuture.completedStage(Collections.nCopies(fills.size(), FillOutcome.STORED));
    }

    @Override
    public void release(List<Lease> leases) {
        // nobody waits for them
    }

    @Override
    public RemoteCache open(CacheSpec spec, NodeCache node) {
        return this;
    }

    @Override
    public CompletionStage<Delivery> invalidate(String cache, Collection<?> keys) {
        return CompletableFuture.completedStage(Delivery.DONE);
    }

    @Override
    public CompletionStage<Delivery> clear(String cache) {
        return CompletableFuture.completedStage(Delivery.DONE);
    }

    @Override
    public Duration staleBound() {
        return Duration.ofHours(1);
    }

    @Override
    public void close() {
        // holds nothing
    }
}
