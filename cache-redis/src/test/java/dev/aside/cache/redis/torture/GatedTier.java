package dev.aside.cache.redis.torture;

import dev.aside.cache.spi.CacheSpec;
import dev.aside.cache.spi.Delivery;
import dev.aside.cache.spi.FillOutcome;
import dev.aside.cache.spi.FillRequest;
import dev.aside.cache.spi.Intent;
import dev.aside.cache.spi.Lease;
import dev.aside.cache.spi.Lookup;
import dev.aside.cache.spi.LookupRequest;
import dev.aside.cache.spi.NodeCache;
import dev.aside.cache.spi.PutOutcome;
import dev.aside.cache.spi.PutRequest;
import dev.aside.cache.spi.RemoteCache;
import dev.aside.cache.spi.RemoteTier;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A tier that can be stopped between its steps and the engine's, and says what it has applied. Thread-safe. */
final class GatedTier implements RemoteTier {
    private final RemoteTier tier;
    private final AtomicReference<Hold> nextLookup = new AtomicReference<>();
    private final AtomicReference<Runnable> nextTrust = new AtomicReference<>();
    private final Set<Object> applied = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cleared = new AtomicInteger();
    private volatile RemoteCache cache;

    GatedTier(RemoteTier tier) {
        this.tier = tier;
    }

    /** Holds the answer of the next lookup back. */
    Hold holdNextLookup() {
        Hold hold = new Hold();
        nextLookup.set(hold);
        return hold;
    }

    /** Has something happen between the next question for trust and its answer. */
    void beforeNextTrust(Runnable action) {
        nextTrust.set(action);
    }

    /** Whether the log, or the loss of it, has taken the key away since the last {@link #forgetApplied}. */
    boolean applied(String key) {
        return applied.contains(key) || cleared.get() > 0;
    }

    void forgetApplied() {
        applied.clear();
        cleared.set(0);
    }

    /** What was opened last, past the gates. */
    RemoteCache cache() {
        return cache;
    }

    @Override
    public RemoteCache open(CacheSpec spec, NodeCache node) {
        cache = tier.open(spec, new NodeCache() {
            @Override
            public void invalidated(Object key) {
                node.invalidated(key);
                applied.add(key);
            }

            @Override
            public void cleared() {
                node.cleared();
                cleared.incrementAndGet();
            }

            @Override
            public void tagInvalidated(String tag) {
                node.tagInvalidated(tag);
            }
        });
        return new Gated(cache);
    }

    private final class Gated implements RemoteCache {
        private final RemoteCache remote;

        Gated(RemoteCache remote) {
            this.remote = remote;
        }

        @Override
        public boolean trusted(Object key) {
            Runnable action = nextTrust.getAndSet(null);
            if (action != null) {
                action.run();
            }
            return remote.trusted(key);
        }

        @Override
        public CompletionStage<List<Lookup>> lookup(List<?> keys, LookupRequest request) {
            return held(remote.lookup(keys, request));
        }

        @Override
        public CompletionStage<List<Lookup>> lookup(List<?> keys, LookupRequest request, Executor executor) {
            return held(remote.lookup(keys, request, executor));
        }

        private CompletionStage<List<Lookup>> held(CompletionStage<List<Lookup>> answers) {
            Hold hold = nextLookup.getAndSet(null);
            return hold == null ? answers : answers.thenCompose(hold::after);
        }

        @Override
        public CompletionStage<List<FillOutcome>> fill(List<FillRequest> fills) {
            return remote.fill(fills);
        }

        @Override
        public CompletionStage<PutOutcome> put(PutRequest put) {
            return remote.put(put);
        }

        @Override
        public void release(List<Lease> leases) {
            remote.release(leases);
        }
    }

    @Override
    public CompletionStage<Delivery> invalidate(String name, Collection<?> keys) {
        return tier.invalidate(name, keys);
    }

    @Override
    public CompletionStage<Delivery> clear(String name) {
        return tier.clear(name);
    }

    @Override
    public CompletionStage<Delivery> invalidateTags(String name, Collection<String> tags) {
        return tier.invalidateTags(name, tags);
    }

    @Override
    public CompletionStage<List<Intent>> announce(String name, List<?> keys) {
        return tier.announce(name, keys);
    }

    @Override
    public CompletionStage<Delivery> end(List<Intent> intents) {
        return tier.end(intents);
    }

    @Override
    public Duration staleBound() {
        return tier.staleBound();
    }

    @Override
    public void close() {
        tier.close();
    }
}
