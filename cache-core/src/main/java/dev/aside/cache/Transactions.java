package dev.aside.cache;

import dev.aside.cache.spi.TransactionBridge;
import dev.aside.cache.spi.TransactionBridge.Completion;
import dev.aside.cache.spi.TransactionBridge.Isolation;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the open transactions of a process have invalidated and not yet committed.
 *
 * <p>Thread-safe. A transaction belongs to one thread at a time; the map of all of them is concurrent. Nothing is kept of
 * a transaction once it has ended.
 */
final class Transactions {
    private final TransactionBridge bridge;
    private final Map<Identity, Touched> open = new ConcurrentHashMap<>();

    Transactions(TransactionBridge bridge) {
        this.bridge = bridge;
    }

    /** A transaction as a key: by identity, whatever its equals says. */
    private record Identity(Object transaction) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Identity that && transaction == that.transaction;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(transaction);
        }
    }

    /** What one transaction has touched: keys by cache, and caches as a whole. */
    private static final class Touched {
        final Map<String, Set<Object>> keys = new LinkedHashMap<>();
        final Set<String> cleared = new LinkedHashSet<>();
        final CompletableFuture<Void> done = new CompletableFuture<>();
        private boolean ended;

        /** Notes keys, or with none the whole cache; false if the invalidations have begun, so that it would be lost. */
        synchronized boolean add(String cache, @Nullable Collection<?> some) {
            if (ended) {
                return false;
            }
            if (some == null) {
                cleared.add(cache);
            } else {
                keys.computeIfAbsent(cache, name -> new LinkedHashSet<>()).addAll(some);
            }
            return true;
        }

        synchronized boolean has(String cache, Object key) {
            return cleared.contains(cache) || keys.getOrDefault(cache, Set.of()).contains(key);
        }

        /** Invalidates all of it and waits; each is tried, whatever became of the others. */
        void end(Invalidator invalidator) {
            synchronized (this) {
                ended = true; // from here on neither set changes
            }
            cleared.forEach(cache -> attempt(() -> invalidator.clearNow(cache)));
            keys.forEach((cache, some) -> {
                if (!cleared.contains(cache)) {
                    attempt(() -> invalidator.invalidateNow(cache, List.copyOf(some)));
                }
            });
            done.complete(null);
        }

        /** A pending one has been published as an event and is being retried; after a commit nobody is thrown at. */
        private void attempt(Runnable invalidation) {
            try {
                invalidation.run();
            } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        }
    }

    /** Whether the calling thread's transaction has touched the key, so that the cache no longer holds for it. */
    boolean touched(String cache, Object key) {
        if (open.isEmpty() || !bridge.active()) {
            return false;
        }
        Touched mine = open.get(new Identity(bridge.transaction()));
        return mine != null && mine.has(cache, key);
    }

    /** Whether the calling thread reads keys apart from all others, because of its transaction. */
    boolean apart(String cache, Collection<?> keys) {
        return mayNotFill() || (!open.isEmpty() && keys.stream().anyMatch(key -> touched(cache, key)));
    }

    /** Whether what the calling thread reads may be uncommitted or old, and so must not be kept for others. */
    private boolean mayNotFill() {
        return bridge.active() && (!bridge.readOnly() || aboveReadCommitted(bridge.isolation()));
    }

    private static boolean aboveReadCommitted(Isolation isolation) {
        return isolation != Isolation.READ_COMMITTED && isolation != Isolation.READ_UNCOMMITTED;
    }

    /** Whether invalidations of the calling thread wait for a commit. */
    boolean active() {
        return bridge.active();
    }

    /**
     * Puts an invalidation off until the transaction has committed; no keys stand for the whole cache.
     *
     * @return done when it has been tried; null if there is no transaction to wait for, or no longer
     */
    @Nullable CompletableFuture<Void> putOff(Invalidator invalidator, String cache, @Nullable Collection<?> keys) {
        if (!bridge.active()) {
            return null;
        }
        Identity transaction = new Identity(bridge.transaction());
        Touched touched = new Touched();
        Touched known = open.putIfAbsent(transaction, touched);
        if (known == null) {
            begin(invalidator, transaction, touched);
            known = touched;
        }
        return known.add(cache, keys) ? known.done.copy() : null;
    }

    private void begin(Invalidator invalidator, Identity transaction, Touched touched) {
        bridge.afterCommit(() -> touched.end(invalidator));
        bridge.afterCompletion(completion -> {
            open.remove(transaction);
            if (completion == Completion.UNKNOWN) {
                touched.end(invalidator);
            }
            touched.done.complete(null);
        });
    }
}
