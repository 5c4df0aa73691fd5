package dev.aside.cache;

import dev.aside.cache.spi.Intent;
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
    private final Invalidator invalidator;
    private final Map<String, Set<Object>> keys = new LinkedHashMap<>();
    private final Map<String, Set<String>> tags = new LinkedHashMap<>();
    private final Set<String> cleared = new LinkedHashSet<>();
    private final Map<String, Set<Object>> fenced = new LinkedHashMap<>();
    private final Set<String> required = new LinkedHashSet<>();
    private final List<Announced> announced = new ArrayList<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private boolean begun;

    /** A write whose intents stand. */
    private record Announced(Scope.Keys scope, List<Intent> intents) {}

    Touched(Invalidator invalidator) {
        this.invalidator = invalidator;
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

    /** Whether something is to be announced before the commit. */
    synchronized boolean hasFences() {
        return !fenced.isEmpty();
    }

    /** As {@link #add}, for keys to be announced before the commit. */
    synchronized boolean fence(Scope.Keys scope, boolean mustBe) {
        if (!add(scope)) {
            return false;
        }
        fenced.computeIfAbsent(scope.cache(), name -> new LinkedHashSet<>()).addAll(scope.keys());
        if (mustBe) {
            required.add(scope.cache());
        }
        return true;
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
    void announce() {
        List<Scope.Keys> scopes = new ArrayList<>();
        synchronized (this) {
            fenced.forEach((cache, some) -> scopes.add(Scope.keys(cache, some)));
        }
        for (Scope.Keys scope : scopes) {
            List<Intent> intents = invalidator.fenceNow(scope, isRequired(scope.cache()));
            if (!intents.isEmpty()) {
                announced.add(new Announced(scope, intents));
            }
        }
    }

    private synchronized boolean isRequired(String cache) {
        return required.contains(cache);
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

    private Set<Object> fencedKeys(String cache) {
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
        for (Announced write : announced) {
            attempt(() -> invalidator.endNow(write.scope, write.intents));
        }
        announced.clear();
    }

    /** The transaction is over, however it ended: intents left by a rollback must not stand until their guard time. */
    void ended() {
        endIntents();
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
