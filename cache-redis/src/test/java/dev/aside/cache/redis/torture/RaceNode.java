package dev.aside.cache.redis.torture;

import dev.aside.cache.Cache;
import dev.aside.cache.Caches;
import dev.aside.cache.InvalidationPendingException;
import dev.aside.cache.TtlPolicy;
import dev.aside.cache.redis.RedisTier;
import dev.aside.cache.redis.RedisTierBuilder;
import dev.aside.cache.redis.RedisTierEvent;
import dev.aside.testkit.FaultProxy;
import dev.aside.testkit.RedisServer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A whole node, engine and tier, behind a proxy of its own, with a loader that can be held. */
final class RaceNode implements AutoCloseable {
    static final String CACHE = "item";

    final FaultProxy proxy;
    final GatedTier gates;
    final RedisTier tier;
    final Cache<String, Item> cache;
    final AtomicInteger loads = new AtomicInteger();
    private final List<RedisTierEvent> events = new CopyOnWriteArrayList<>();
    private final VersionedStore store;
    private final ExecutorService readers;
    private final Caches caches;

    RaceNode(RaceCluster cluster, RedisServer redis, UnaryOperator<RedisTierBuilder> settings, TtlPolicy policy) {
        store = cluster.store;
        readers = cluster.readers;
        proxy = FaultProxy.to(redis.host(), redis.port());
        proxy.sending("XREAD"); // from the first connection on
        tier = settings.apply(RedisTier.builder()
                        .uri(proxy.through(cluster.uri()))
                        .namespace(RaceCluster.NAMESPACE)
                        .listener(events::add))
                .build();
        gates = new GatedTier(tier);
        caches = Caches.builder().remote(gates).policy(policy).build();
        cache = caches.cache(CACHE, String.class, Item.class, policy.name());
    }

    long read(String key) {
        return cache.get(key, this::load).version();
    }

    /** A read whose load stops between the database and the cache. */
    CompletableFuture<Long> readHolding(String key, Hold hold) {
        return later(() -> cache.get(key, k -> {
            Item item = load(k);
            hold.pass();
            return item;
        }));
    }

    CompletableFuture<Long> readLater(String key) {
        return later(() -> cache.get(key, this::load));
    }

    private CompletableFuture<Long> later(Supplier<Item> read) {
        return CompletableFuture.supplyAsync(() -> read.get().version(), readers);
    }

    private Item load(String key) {
        loads.incrementAndGet();
        return new Item(key, store.version(key));
    }

    /** Writes a key and invalidates it; returns when the invalidation stands in the log. */
    void write(String key) {
        store.commit(key);
        delivered(() -> cache.invalidate(key));
    }

    private void delivered(Runnable invalidation) {
        try {
            invalidation.run();
        } catch (InvalidationPendingException e) { // the machine is busy
            RaceCluster.until("the invalidation is delivered", () -> tier.pendingInvalidations() == 0);
        }
    }

    void clear() {
        delivered(cache::invalidateAll);
    }

    /** Writes a key; whether its invalidation was pending. */
    boolean writeIsPending(String key) {
        store.commit(key);
        try {
            cache.invalidate(key);
            return false;
        } catch (InvalidationPendingException e) {
            return true;
        }
    }

    boolean trusted() {
        return gates.cache().trusted("any");
    }

    boolean saw(Class<? extends RedisTierEvent> type) {
        return count(type) > 0;
    }

    long count(Class<? extends RedisTierEvent> type) {
        return events.stream().filter(type::isInstance).count();
    }

    @Override
    public void close() {
        caches.close();
        proxy.close();
    }
}
