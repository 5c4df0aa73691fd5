package dev.aside.cache;

import dev.aside.cache.spi.CacheSpec;
import dev.aside.cache.spi.Delivery;
import dev.aside.cache.spi.FillOutcome;
import dev.aside.cache.spi.FillRequest;
import dev.aside.cache.spi.Intent;
import dev.aside.cache.spi.Lease;
import dev.aside.cache.spi.Lookup;
import dev.aside.cache.spi.LookupRequest;
import dev.aside.cache.spi.NodeCache;
import dev.aside.cache.spi.RemoteCache;
import dev.aside.cache.spi.RemoteTier;
import dev.aside.cache.spi.RemoteValue;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A tier that always has the value "remote", and does something between finding it and answering. */
final class OvertakingTier implements RemoteTier, RemoteCache {
    private volatile Runnable onLookup = () -> {};
    private volatile NodeCache node;
    private volatile boolean trusted = true;
    private volatile Runnable onTrusted = () -> {};
    private volatile CompletionStage<List<Lookup>> held;

    void onLookup(Runnable action) {
        onLookup = action;
    }

    void trusted(boolean trusted) {
        this.trusted = trusted;
        onTrusted = () -> {};
    }

    /** The answer is yes from now on, but something happens while it is being found out. */
    void trustedAfter(Runnable action) {
        trusted = true;
        onTrusted = action;
    }

    /** Answers look-ups with this stage from now on; null for the value again. */
    void hold(CompletionStage<List<Lookup>> answer) {
        held = answer;
    }

    NodeCache node() {
        return Objects.requireNonNull(node);
    }

    @Override
    public RemoteCache open(CacheSpec spec, NodeCache node) {
        this.node = node;
        return this;
    }

    @Override
    public CompletionStage<Delivery> invalidate(String cache, Collection<?> keys) {
        if (keys.contains("unwritable")) {
            throw new IllegalArgumentException("a key that cannot be written");
        }
        return CompletableFuture.completedStage(Delivery.DONE);
    }

    @Override
    public CompletionStage<List<Intent>> announce(String cache, List<?> keys) {
        if (keys.contains("unwritable")) {
            throw new IllegalArgumentException("a key that cannot be written");
        }
        return RemoteTier.super.announce(cache, keys);
    }

    @Override
    public CompletionStage<Delivery> clear(String cache) {
        return CompletableFuture.completedStage(Delivery.DONE);
    }

    @Override
    public Duration staleBound() {
        return Duration.ofSeconds(1);
    }

    @Override
    public boolean trusted(Object key) {
        onTrusted.run();
        return trusted;
    }

    @Override
    public CompletionStage<List<Lookup>> lookup(List<?> keys, LookupRequest request) {
        long minute = Duration.ofMinutes(1).toNanos();
        Lookup hit = new Lookup.Hit(new RemoteValue("remote", minute, minute, 0));
        onLookup.run();
        if (held != null) {
            return held;
        }
        return CompletableFuture.completedStage(Collections.nCopies(keys.size(), hit));
    }

    @Override
    public CompletionStage<List<FillOutcome>> fill(List<FillRequest> fills) {
        return CompletableFuture.completedStage(Collections.nCopies(fills.size(), FillOutcome.STORED));
    }

    @Override
    public void release(List<Lease> leases) {
        // grants none
    }

    @Override
    public void close() {
        // holds nothing
    }
}
