package dev.aside.cache;

import dev.aside.cache.spi.TransactionBridge;
import dev.aside.cache.spi.TransactionBridge.Isolation;
import java.util.Collection;
import java.util.Map;
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
    boolean mayNotFill() {
        return bridge.active() && (!bridge.readOnly() || bridge.isolation() != Isolation.READ_COMMITTED);
    }

    /** Runs a load whose value others will get, apart from what the thread has read before. */
    <T> T fresh(TransactionBridge.Load<T> load) throws Throwable {
        return bridge.fresh(load);
    }

    /** Whether invalidations of the calling thread wait for a commit. */
    boolean active() {
        return bridge.active();
    }

    /**
     * Puts an invalidation off until the transaction has committed.
     *
     * @return done when it has been tried; null if there is no transaction to wait for, or no longer
     */
    @Nullable CompletableFuture<Void> putOff(Invalidator invalidator, Scope scope) {
        Touched mine = touching(invalidator);
        return mine != null && mine.add(scope) ? mine.done() : null;
    }

    /** What the calling thread's transaction has touched, to add to it; null if there is no transaction. */
    @Nullable Touched touching(Invalidator invalidator) {
        if (!bridge.active()) {
            return null;
        }
        Identity transaction = new Identity(bridge.transaction());
        Touched touched = new Touched(invalidator, bridge);
        Touched known = open.putIfAbsent(transaction, touched);
        if (known != null) {
            return known;
        }
        try {
            bridge.afterCommit(touched::invalidate);
            bridge.afterCompletion(completion -> {
                open.remove(transaction);
                touched.ended(completion);
            });
        } catch (RuntimeException | Error e) {
            open.remove(transaction, touched); // it will hear of nothing: the next one tries again
            throw e;
        }
        return touched;
    }
}
