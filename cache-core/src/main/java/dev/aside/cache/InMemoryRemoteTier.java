package dev.aside.cache;

import com.github.benmanes.caffeine.cache.Ticker;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A remote tier in memory, for tests: several {@link Caches} of one JVM take a {@link #node()} each and behave like the
 * nodes of a cluster. It grants leases, refuses late fills and tells the nodes of invalidations as the real one does,
 * and can be made unreachable.
 *
 * <p>Thread-safe. Values are shared by reference, not encoded. Invalidations are applied on every node before they
 * return, so the stale bound is zero, unless they are {@linkplain #holdInvalidations() held}.
 */
public final class InMemoryRemoteTier {
    private final MemoryStore store;
    private final List<Node> nodes = new CopyOnWriteArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    private boolean holding;
    private volatile boolean unreachable;

    /** An empty tier on the system's clock. */
    public InMemoryRemoteTier() {
        this(Ticker.systemTicker());
    }

    /** An empty tier whose entries age by the given clock. */
    public InMemoryRemoteTier(Ticker ticker) {
        this.store = new MemoryStore(ticker);
    }

    /** One more node's access to the tier. */
    public RemoteTier node() {
        Node node = new Node();
        nodes.add(node);
        return node;
    }

    /** Whether the tier answers: while it does not, lookups are denied, and invalidations stay pending for ever. */
    public void unreachable(boolean unreachable) {
        this.unreachable = unreachable;
    }

    /** Keeps invalidations from reaching any node, as a slow network would, until {@link #deliverInvalidations()}. */
    public synchronized void holdInvalidations() {
        holding = true;
    }

    /** Delivers what was held, and from now on everything at once. */
    public void deliverInvalidations() {
        List<Runnable> late;
        synchronized (this) {
            holding = false;
            late = List.copyOf(held);
            held.clear();
        }
        late.forEach(Runnable::run);
    }

    private void deliver(Runnable invalidation) {
        synchronized (this) {
            if (holding) {
                held.add(invalidation);
                return;
            }
        }
        invalidation.run();
    }

    private final class Node implements RemoteTier {
        private final Map<String, NodeCache> caches = Collections.synchronizedMap(new HashMap<>());

        @Override
        public RemoteCache open(CacheSpec spec, NodeCache node) {
            caches.put(spec.name(), node);
            return new MemoryCache(spec.name());
        }

        @Override
        public CompletionStage<Delivery> invalidate(String cache, Collection<?> keys) {
            if (unreachable) {
                return CompletableFuture.completedStage(Delivery.PENDING);
            }
            keys.forEach(key -> store.invalidate(cache, key));
            deliver(() -> {
                for (Node node : nodes) {
                    NodeCache there = node.caches.get(cache);
                    if (there != null) {
                        keys.forEach(there::invalidated);
                    }
                }
            });
            return CompletableFuture.completedStage(Delivery.DONE);
        }

        @Override
        public CompletionStage<Delivery> clear(String cache) {
            if (unreachable) {
                return CompletableFuture.completedStage(Delivery.PENDING);
            }
            store.clear(cache);
            deliver(() -> {
                for (Node node : nodes) {
                    NodeCache there = node.caches.get(cache);
                    if (there != null) {
                        there.cleared();
                    }
                }
            });
            return CompletableFuture.completedStage(Delivery.DONE);
        }

        @Override
        public Duration staleBound() {
            return Duration.ZERO;
        }

        @Override
        public void close() {
            nodes.remove(this);
        }
    }

    private final class MemoryCache implements RemoteCache {
        private final String cache;

        MemoryCache(String cache) {
            this.cache = cache;
        }

        @Override
        public boolean trusted(Object key) {
            return !unreachable;
        }

        @Override
        public CompletionStage<List<Lookup>> lookup(List<?> keys, LookupRequest request) {
            List<CompletableFuture<Lookup>> answers = new ArrayList<>();
            for (Object key : keys) {
                answers.add(
                        unreachable
                                ? CompletableFuture.completedFuture(denied(Lookup.Reason.UNAVAILABLE))
                                : lookup(key, request));
            }
            return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                    .thenApply(done ->
                            answers.stream().map(CompletableFuture::join).toList());
        }

        private CompletableFuture<Lookup> lookup(Object key, LookupRequest request) {
            MemoryStore.Answer answer = store.lookup(cache, key, request.refreshBelowNanos());
            if (request.waitNanos() == 0 || !waitsFor(answer.lookup(), request)) {
                return CompletableFuture.completedFuture(answer.lookup());
            }
            CompletableFuture<Lookup> later = answer.change()
                    .thenCompose(changed -> lookup(key, request))
                    .completeOnTimeout(denied(Lookup.Reason.BUSY), request.waitNanos(), TimeUnit.NANOSECONDS);
            return later;
        }

        /** Somebody else loads it, and what is there until then is nothing or too old to be served. */
        private static boolean waitsFor(Lookup lookup, LookupRequest request) {
            return lookup instanceof Lookup.Denied denied
                    && (denied.current() == null || -denied.current().freshNanos() > request.staleNanos());
        }

        private static Lookup denied(Lookup.Reason reason) {
            return new Lookup.Denied(reason, null);
        }

        @Override
        public CompletionStage<List<FillOutcome>> fill(List<FillRequest> fills) {
            return CompletableFuture.completedStage(fills.stream()
                    .map(fill -> unreachable ? FillOutcome.UNAVAILABLE : store.fill(fill))
                    .toList());
        }

        @Override
        public void release(List<Lease> leases) {
            leases.forEach(lease -> store.release(lease));
        }
    }
}
