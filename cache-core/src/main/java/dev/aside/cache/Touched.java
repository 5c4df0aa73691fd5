package dev.aside.cache;

import dev.aside.cache.spi.Intent;
import dev.aside.cache.spi.TransactionBridge;
import dev.aside.cache.spi.TransactionBridge.Completion;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * What one transaction has touched: keys and tags by cache, and caches as a whole.
 *
 * <p>Thread-safe: one monitor guards the sets, which change no more once the invalidations have begun. The actions are run
 * by whoever manages the transaction, one after the other.
 */
final class Touched {
    private static final Logger LOG = System.getLogger(Touched.class.getName());

    private final Invalidator invalidator;
    private final Map<String, Set<Object>> keys = new LinkedHashMap<>();
    private final Map<String, Set<String>> tags = new LinkedHashMap<>();
    private final Set<String> cleared = new LinkedHashSet<>();
    private final Map<String, Set<Object>> fenced = new LinkedHashMap<>();
    private final Set<String> required = new LinkedHashSet<>();
    private final List<Announced> announced = new ArrayList<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final TransactionBridge bridge;
    private boolean hasAnnounced;
    private boolean begun;
    private boolean over;

    /** A write whose intents stand. */
    private record Announced(Scope.Keys scope, List<Intent> intents) {}

    Touched(Invalidator invalidator, TransactionBridge bridge) {
        this.invalidator = invalidator;
        this.bridge = bridge;
    }

    /** Notes what is to be invalidated; false if the invalidations have begun, so that it would be lost. */
    synchronized boolean add(Scope scope) {
        if (begun) {
            return false;
        }
        if (scope instanceof Scope.Keys some) {
            keys.computeIfAbsent(some.cache(), name -> new LinkedHashSet<>()).addAll(some.keys());
        } else if (scope instanceof Scope.Tags some) {
            tags.computeIfAbsent(some.cache(), name -> new LinkedHashSet<>()).addAll(some.tags());
        } else {
            cleared.add(scope.cache());
        }
        return true;
    }

    /**
     * As {@link #add}, for keys to be announced before the commit; at once, if that has been done for the others already.
     *
     * @throws FencedWriteRefusedException if it is too late to wait, and a required fence cannot be placed
     */
    boolean fence(Scope.Keys scope, boolean mustBe) {
        boolean first;
        boolean late;
        synchronized (this) {
            if (!add(scope)) {
                return false;
            }
            first = fenced.isEmpty();
            late = hasAnnounced;
            fenced.computeIfAbsent(scope.cache(), name -> new LinkedHashSet<>()).addAll(scope.keys());
            if (mustBe) {
                required.add(scope.cache());
            }
        }
        if (late) {
            announce(scope, mustBe);
        } else if (first) {
            bridge.beforeCommit(this::announce);
        }
        return true;
    }

    /** Whether the invalidations have begun or the transaction has ended: what comes now is on its own. */
    synchronized boolean over() {
        return begun || over;
    }

    /** Whether the transaction must not be answered from the cache: nobody here knows which keys carry a tag. */
    synchronized boolean has(String cache, Object key) {
        return cleared.contains(cache)
                || tags.containsKey(cache)
                || keys.getOrDefault(cache, Set.of()).contains(key);
    }

    /** When everything has been tried. */
    CompletableFuture<Void> done() {
        return done.copy();
    }

    /**
     * Before the commit: announces what is fenced.
     *
     * @throws FencedWriteRefusedException if a required fence cannot be placed
     */
    private void announce() {
        Map<Scope.Keys, Boolean> scopes = new LinkedHashMap<>();
        synchronized (this) {
            hasAnnounced = true;
            fenced.forEach((cache, some) -> scopes.put(Scope.keys(cache, some), required.contains(cache)));
        }
        scopes.forEach(this::announce);
    }

    private void announce(Scope.Keys scope, boolean mustBe) {
        List<Intent> intents = invalidator.fenceNow(scope, mustBe);
        if (!intents.isEmpty()) {
            synchronized (this) {
                announced.add(new Announced(scope, intents));
            }
        }
    }

    /** After the commit: invalidates all of it and waits; each is tried, whatever became of the others. */
    void invalidate() {
        synchronized (this) {
            begun = true; // from here on nothing changes
        }
        cleared.forEach(cache -> attempt(() -> invalidator.invalidateNow(new Scope.All(cache))));
        tags.forEach((cache, some) -> attempt(() -> invalidator.invalidateNow(Scope.tags(cache, some))));
        keys.forEach((cache, some) -> {
            Set<Object> rest = new LinkedHashSet<>(some);
            rest.removeAll(fencedKeys(cache));
            if (!cleared.contains(cache)) {
                attempt(() -> invalidator.invalidateNow(Scope.keys(cache, rest)));
            }
        });
        endIntents();
        done.complete(null);
    }

    private synchronized Set<Object> fencedKeys(String cache) {
        Set<Object> all = new LinkedHashSet<>();
        for (Announced write : announced) {
            if (write.scope.cache().equals(cache)) {
                all.addAll(write.scope.keys());
            }
        }
        return all;
    }

    /** Ends what was announced, by invalidating it. */
    private void endIntents() {
        List<Announced> standing;
        synchronized (this) {
            standing = List.copyOf(announced);
            announced.clear();
        }
        standing.forEach(write -> attempt(() -> invalidator.endNow(write.scope, write.intents)));
    }

    /**
     * The transaction is over. Invalidates unless it rolled back or that has been done: an after-commit action that was the
     * first to touch anything came too late to be told of the commit. Intents left by a rollback must not stand until
     * their guard time.
     */
    void ended(Completion completion) {
        boolean missed;
        synchronized (this) {
            missed = !begun && completion != Completion.ROLLED_BACK;
            over = true;
        }
        if (missed) {
            invalidate();
        }
        endIntents();
        done.complete(null);
    }

    /** A pending one has been published as an event and is being retried; after a commit nobody is thrown at. */
    private void attempt(Runnable invalidation) {
        try {
            invalidation.run();
        } catch (RuntimeException | Error e) {
            if (!(e instanceof InvalidationPendingException)) {
                LOG.log(Level.WARNING, "an invalidation after a commit failed; an event tells of each", e);
            }
            done.completeExceptionally(e);
        }
    }
}
