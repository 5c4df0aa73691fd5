package dev.aside.spring.transaction;

import dev.aside.cache.CacheEvent;
import dev.aside.cache.Caches;
import dev.aside.cache.InMemoryRemoteTier;
import dev.aside.cache.spi.RemoteTier;
import dev.aside.spring.transaction.Manager.Access;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** One process with its caches, beside a database. */
final class Shop implements AutoCloseable {
    final Access access;
    final Caches caches;
    final Prices prices;
    /** Past the cache, in the thread's transaction. */
    final Prices database;

    private final List<CacheEvent> events = new CopyOnWriteArrayList<>();
    private volatile Runnable afterRead = () -> {};

    /** The set-ups most tests run in. */
    enum Tier {
        /** Caffeine only. */
        LOCAL,
        /** Caffeine over a remote tier in memory. */
        REMOTE;

        Shop open(Access access) {
            return new Shop(access, this == LOCAL ? null : new InMemoryRemoteTier().node());
        }
    }

    Shop(Access access, RemoteTier remote) {
        Caches.Builder builder =
                Caches.builder().transactions(new SpringTransactionBridge()).listener(events::add);
        if (remote != null) {
            builder.remote(remote);
        }
        this.access = access;
        this.database = access.database();
        this.caches = builder.build();
        this.prices = caches.proxy(Prices.class, new Loads());
    }

    /** What the cache calls. */
    private final class Loads implements Prices {
        @Override
        public Integer of(String sku) {
            Integer price = database.of(sku);
            afterRead.run();
            return price;
        }

        @Override
        public void set(String sku, int price) {
            database.set(sku, price);
        }

        @Override
        public void setFenced(String sku, int price) {
            database.setFenced(sku, price);
        }
    }

    /** The cache's loads do this when they have read. */
    void afterRead(Runnable action) {
        afterRead = action;
    }

    TransactionTemplate transaction() {
        return new TransactionTemplate(access.manager());
    }

    TransactionTemplate transaction(int propagation) {
        TransactionTemplate template = transaction();
        template.setPropagationBehavior(propagation);
        return template;
    }

    TransactionTemplate transaction(int isolation, boolean readOnly) {
        TransactionTemplate template = transaction();
        template.setIsolationLevel(isolation);
        template.setReadOnly(readOnly);
        return template;
    }

    TransactionTemplate requiresNew() {
        return transaction(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    /** A committed write of another thread's. */
    void writeElsewhere(String sku, int price) {
        elsewhere(() -> {
            transaction().executeWithoutResult(status -> prices.set(sku, price));
            return null;
        });
    }

    int readElsewhere(String sku) {
        return elsewhere(() -> prices.of(sku));
    }

    static <T> T elsewhere(Callable<T> task) {
        return CompletableFuture.supplyAsync(() -> {
                    try {
                        return task.call();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                })
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    long invalidations() {
        return events.stream().filter(CacheEvent.Invalidated.class::isInstance).count();
    }

    long loads() {
        return caches.all().get(0).stats().loads();
    }

    @Override
    public void close() {
        caches.close();
    }
}
