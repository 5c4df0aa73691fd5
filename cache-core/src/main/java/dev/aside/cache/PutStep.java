package dev.aside.cache;

import dev.aside.cache.spi.Intent;
import dev.aside.cache.spi.PutOutcome;
import dev.aside.cache.spi.PutRequest;
import dev.aside.cache.spi.RemoteCache;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The writing side of one cache:
 *
 * <pre>
 *   announce -> the write -> store the value, if nobody else touched the key since
 *                         -> or invalidate the key
 * </pre>
 *
 * Without the announcement two writers could store their values in the other order than the database took them. Without a
 * remote tier the key's fence is the announcement; with one, the value is stored there only, for the log entry of the put
 * removes it from every process, this one included.
 *
 * <p>Thread-safe and stateless.
 */
final class PutStep {
    private final String cache;
    private final CacheContext context;
    private final RemoteCache remote;
    private final LocalLevel local;
    private final Invalidator invalidator;
    private final PolicyBinding binding;
    private final StatsCounter stats;

    PutStep(String cache, CacheParts parts) {
        this.cache = cache;
        this.context = parts.context();
        this.remote = parts.remote();
        this.local = parts.local();
        this.invalidator = parts.invalidator();
        this.binding = parts.binding();
        this.stats = parts.stats();
    }

    /**
     * A write that has been announced.
     *
     * @param intents the intent; empty if the remote tier did not take it
     * @param mark the fences right after the announcement
     */
    record Announced(Scope.Keys scope, List<Intent> intents, LocalLevel.Mark mark) {
        Object key() {
            return scope.keys().get(0);
        }
    }

    /** The whole of it for an asynchronous write, without tags of a method's. */
    <R> CompletableFuture<R> through(
            Object key, Supplier<? extends CompletionStage<? extends R>> write, Executor executor) {
        return Steps.compose(
                announce(key, executor),
                announced -> Steps.settle(
                        Steps.<R>begin(write::get),
                        (value, failure) -> failure == null
                                ? store(announced, value, List.of(), executor)
                                : abandon(announced, executor)));
    }

    CompletableFuture<Announced> announce(Object key, Executor executor) {
        Scope.Keys scope = new Scope.Keys(cache, List.of(key));
        return Steps.map(
                invalidator.announce(scope, executor), intents -> new Announced(scope, intents, local.mark(key)));
    }

    /** Stores what was written; null is an absence. Fails as an invalidation does. */
    CompletableFuture<Void> store(Announced write, @Nullable Object value, List<String> ownTags, Executor executor) {
        TtlPolicy policy = binding.get();
        if (value == null && policy.nullTtl().isZero()) {
            return abandon(write, executor);
        }
        long fresh;
        List<String> tags;
        try {
            fresh = Lifetime.freshNanos(policy, value, context.random().getAsDouble());
            tags = ValueTags.all(policy, ownTags, value);
        } catch (RuntimeException | Error e) {
            // the user's ttlFrom or tagsFrom: the write stands, so the old value must go
            return Steps.settle(CompletableFuture.failedFuture(e), (nothing, why) -> abandon(write, executor));
        }
        if (!context.hasRemote()) {
            try {
                storeHere(write, copied(policy, value), fresh, tags);
                return CompletableFuture.completedFuture(null);
            } catch (RuntimeException | Error e) {
                // the user's weigher or copyOnRead
                return Steps.settle(CompletableFuture.failedFuture(e), (nothing, why) -> abandon(write, executor));
            }
        }
        if (write.intents.isEmpty()) {
            return abandon(write, executor);
        }
        long keep = fresh + policy.longestStale().toNanos();
        return storeThere(write, new PutRequest(write.intents.get(0), value, fresh, keep, tags), executor);
    }

    /** The write failed, or its value is not kept: whatever was there goes. */
    CompletableFuture<Void> abandon(Announced write, Executor executor) {
        return invalidator.start(write.scope, write.intents, executor);
    }

    /** The writer may go on changing its own object. */
    private static @Nullable Object copied(TtlPolicy policy, @Nullable Object value) {
        UnaryOperator<Object> copier = policy.copyOnRead();
        return copier == null || value == null ? value : copier.apply(value);
    }

    private void storeHere(Announced write, @Nullable Object value, long fresh, List<String> tags) {
        long now = context.ticker().read();
        Lifetime life = Lifetime.ofLoaded(binding.get(), value == null, fresh, now);
        Entry entry = new Entry(value, write.mark, local.stripes(tags), now, life);
        told(write, local.write(write.key(), entry, write.mark));
    }

    private CompletableFuture<Void> storeThere(Announced write, PutRequest put, Executor executor) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Steps.then(remote.put(put), executor, (outcome, failure) -> {
            try {
                // Guards against race: a load begun during the write is joined after it
                // (PutTest.get_afterPutThatExpired_*)
                local.invalidated(write.key());
                if (failure != null) {
                    done.completeExceptionally(Failures.unwrap(failure));
                } else if (outcome == PutOutcome.PENDING) {
                    context.listeners().publish(new CacheEvent.InvalidationPending(cache, 1));
                    done.completeExceptionally(new InvalidationPendingException(write.scope));
                } else {
                    told(write, outcome == PutOutcome.STORED);
                    done.complete(null);
                }
            } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    private void told(Announced write, boolean stored) {
        (stored ? stats.puts : stats.invalidations).increment();
        context.listeners().publish(new CacheEvent.Put(cache, write.key(), stored));
    }
}
