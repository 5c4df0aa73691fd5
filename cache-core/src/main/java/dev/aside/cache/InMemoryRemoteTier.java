package dev.aside.cache;

import com.github.benmanes.caffeine.cache.Ticker;
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
import java.util.function.Consumer;

/**
 * A remote tier in memory, for tests: several {@link Caches} of one JVM take a {@link #node()} each and behave like the
 * nodes of a cluster. It grants leases, refuses late fills, places intents and tells the nodes of invalidations as the real
 * one does, and can be made unreachable, slow to tell, slow to answer and forgetful.
 *
 * <p>Thread-safe. Values are shared by reference, not encoded. Invalidations are applied on every node before they
 * return, so the stale bound is zero, unless they are {@linkplain #holdInvalidations() held}.
 */
public final class InMemoryRemoteTier {
    private final MemoryStore store;
    private final List<Node> nodes = new CopyOnWriteArrayList<>();
    private final HeldSteps invalidations = new HeldSteps();
    private final HeldSteps answers = new HeldSteps();
    private final List<Runnable> journal = new ArrayList<>();
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

    /**
     * Whether the tier answers: while it does not, lookups are denied, nothing can be announced, and invalidations stay
     * pending until it does again.
     */
    public void unreachable(boolean unreachable) {
        List<Runnable> late = List.of();
        synchronized (journal) {
            this.unreachable = unreachable;
            if (!unreachable) {
                late = List.copyOf(journal);
                journal.clear();
            }
        }
        late.forEach(Runnable::run);
    }

    /** Keeps invalidations from reaching any node, as a slow network would, until {@link #deliverInvalidations()}. */
    public void holdInvalidations() {
        invalidations.hold();
    }

    /** Delivers what was held, and from now on everything at once. */
    public void deliverInvalidations() {
        invalidations.release();
    }

    /** Keeps lookups from being answered, as a slow tier would, until {@link #releaseLookups()}. */
    public void holdLookups() {
        answers.hold();
    }

    /** Answers what was held, and from now on everything at once. */
    public void releaseLookups() {
        answers.release();
    }

    /** Voids every lease, as if they had run out: fills under way are refused. */
    public void loseLeases() {
        store.loseLeases();
    }

    /** Does it and tells every node, or keeps it until the tier can be reached. */
    private CompletionStage<Delivery> order(Runnable change, String cache, Consumer<NodeCache> tell) {
        Runnable whole = () -> {
            change.run();
            invalidations.run(() -> tellAll(cache, tell));
        };
        synchronized (journal) {
            if (unreachable) {
                journal.add(whole);
                return CompletableFuture.completedStage(Delivery.PENDING);
            }
        }
        whole.run();
        return CompletableFuture.completedStage(Delivery.DONE);
    }

    private void tellAll(String cache, Consumer<NodeCache> tell) {
        for (Node node : nodes) {
            NodeCache there = node.caches.get(cache);
            if (there != null) {
                tell.accept(there);
            }
        }
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
            List<?> all = List.copyOf(keys);
            return order(
                    () -> all.forEach(key -> store.invalidate(cache, key)),
                    cache,
                    there -> all.forEach(there::invalidated));
        }

        @Override
        public CompletionStage<Delivery> clear(String cache) {
            return order(() -> store.clear(cache), cache, NodeCache::cleared);
        }

        @Override
        public CompletionStage<Delivery> invalidateTags(String cache, Collection<String> tags) {
            List<String> all = List.copyOf(tags);
            return order(
                    () -> all.forEach(tag -> store.invalidateTag(cache, tag)),
                    cache,
                    there -> all.forEach(there::tagInvalidated));
        }

        @Override
        public CompletionStage<List<Intent>> announce(String cache, List<?> keys) {
            if (unreachable) {
                return CompletableFuture.completedStage(List.of());
            }
            List<Intent> intents = new ArrayList<>();
            keys.forEach(key -> intents.add(store.announce(cache, key)));
            invalidations.run(() -> tellAll(cache, there -> keys.forEach(there::invalidated)));
            return CompletableFuture.completedStage(intents);
        }

        @Override
        public CompletionStage<Delivery> end(List<Intent> intents) {
            CompletionStage<Delivery> last = CompletableFuture.completedStage(Delivery.DONE);
            for (Intent intent : intents) {
                last = order(
                        () -> store.end(intent),
                        MemoryStore.cache(intent),
                        there -> there.invalidated(MemoryStore.key(intent)));
            }
            return last;
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
            List<CompletableFuture<Lookup>> found = new ArrayList<>();
            for (Object key : keys) {
                found.add(
                        unreachable
                                ? CompletableFuture.completedFuture(denied(Lookup.Reason.UNAVAILABLE))
                                : lookup(key, request));
            }
            CompletableFuture<List<Lookup>> answer = new CompletableFuture<>();
            CompletableFuture.allOf(found.toArray(CompletableFuture<?>[]::new))
                    .thenRun(() -> answers.run(() -> answer.complete(
                            found.stream().map(CompletableFuture::join).toList())));
            return answer;
        }

        private CompletableFuture<Lookup> lookup(Object key, LookupRequest request) {
            MemoryStore.Answer answer = store.lookup(cache, key, request.refreshBelowNanos());
            if (request.waitNanos() == 0 || !waitsFor(answer.lookup(), request)) {
                return CompletableFuture.completedFuture(answer.lookup());
            }
            return answer.change()
                    .thenCompose(changed -> lookup(key, request))
                    .completeOnTimeout(denied(Lookup.Reason.BUSY), request.waitNanos(), TimeUnit.NANOSECONDS);
        }

        /** Somebody else loads it, and what is there until then is nothing or too old to be served. */
        private static boolean waitsFor(Lookup lookup, LookupRequest request) {
            return lookup instanceof Lookup.Denied denied
                    && denied.reason() == Lookup.Reason.BUSY
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
        public CompletionStage<PutOutcome> put(PutRequest put) {
            Object key = MemoryStore.key(put.intent());
            if (unreachable) {
                // a value that comes late may be old by then: the key is invalidated instead
                order(() -> store.end(put.intent()), cache, there -> there.invalidated(key));
                return CompletableFuture.completedStage(PutOutcome.PENDING);
            }
            PutOutcome outcome = store.put(put);
            invalidations.run(() -> tellAll(cache, there -> there.invalidated(key)));
            return CompletableFuture.completedStage(outcome);
        }

        @Override
        public void release(List<Lease> leases) {
            leases.forEach(store::release);
        }
    }
}
