package dev.aside.cache;

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

/** The absence of a remote tier: it has nothing, grants every lease and takes every fill. */
enum LocalOnlyTier implements RemoteTier, RemoteCache {
    INSTANCE;

    private static final Lookup GRANTED = new Lookup.Granted(new Lease() {}, null);
    private static final CompletionStage<Delivery> DONE = CompletableFuture.completedStage(Delivery.DONE);

    @Override
    public RemoteCache open(CacheSpec spec, NodeCache node) {
        return this;
    }

    @Override
    public CompletionStage<Delivery> invalidate(String cache, Collection<?> keys) {
        return DONE;
    }

    @Override
    public CompletionStage<Delivery> clear(String cache) {
        return DONE;
    }

    @Override
    public Duration staleBound() {
        return Duration.ZERO;
    }

    @Override
    public boolean trusted(Object key) {
        return true;
    }

    @Override
    public CompletionStage<List<Lookup>> lookup(List<?> keys, LookupRequest request) {
        return CompletableFuture.completedStage(Collections.nCopies(keys.size(), GRANTED));
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
    public void close() {
        // nothing is held
    }
}
