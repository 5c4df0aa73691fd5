package dev.aside.cache;

import dev.aside.cache.spi.Delivery;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Invalidates: in the remote tier first, then in this process, then the listeners are told. Works for caches that this
 * process never reads. Inside a transaction, all of that waits for its commit. Thread-safe.
 */
final class Invalidator {
    private final CacheContext context;
    private final Transactions transactions;
    private final Function<String, @Nullable CacheEngine<?, ?>> engines;

    Invalidator(CacheContext context, Function<String, @Nullable CacheEngine<?, ?>> engines) {
        this.context = context;
        this.transactions = context.callers().transactions();
        this.engines = engines;
    }

    void invalidate(String cache, Collection<?> keys) {
        checkMayWait(cache);
        if (transactions.putOff(this, cache, keys) == null) {
            invalidateNow(cache, keys);
        }
    }

    /** Invalidates and waits, transaction or not. */
    void invalidateNow(String cache, Collection<?> keys) {
        await(executor -> start(cache, keys, executor));
    }

    CompletableFuture<Void> invalidateAsync(String cache, Collection<?> keys) {
        CompletableFuture<Void> later = transactions.putOff(this, cache, keys);
        return later == null ? start(cache, keys, context.threads()) : later;
    }

    void clear(String cache) {
        checkMayWait(cache);
        if (transactions.putOff(this, cache, null) == null) {
            clearNow(cache);
        }
    }

    /** Clears and waits, transaction or not. */
    void clearNow(String cache) {
        await(executor -> startClear(cache, executor));
    }

    /** Whether invalidations of the calling thread wait for a commit. */
    boolean inTransaction() {
        return transactions.active();
    }

    /** Refuses on an event loop; without a remote tier there is nothing to wait for. */
    void checkMayWait(String cache) {
        if (context.hasRemote()) {
            context.callers().blocking().check(cache, "invalidateAllAsync");
        }
    }

    CompletableFuture<Void> clearAsync(String cache) {
        CompletableFuture<Void> later = transactions.putOff(this, cache, null);
        return later == null ? startClear(cache, context.threads()) : later;
    }

    private CompletableFuture<Void> start(String cache, Collection<?> keys, Executor executor) {
        if (keys.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return follow(delivery(() -> context.remote().invalidate(cache, keys)), cache, keys, executor);
    }

    private CompletableFuture<Void> startClear(String cache, Executor executor) {
        return follow(delivery(() -> context.remote().clear(cache)), cache, List.of(), executor);
    }

    /** A tier may refuse a key outright; what this process holds goes all the same, and the caller is told. */
    private static CompletionStage<Delivery> delivery(Supplier<CompletionStage<Delivery>> order) {
        try {
            return order.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private CompletableFuture<Void> follow(
            CompletionStage<Delivery> delivery, String cache, Collection<?> keys, Executor executor) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Steps.then(delivery, executor, (outcome, failure) -> {
            try {
                applyHere(cache, keys);
                end(done, cache, keys, outcome, failure);
            } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    /** After the remote tier, so that a reader that comes next cannot fetch the old value from there again. */
    private void applyHere(String cache, Collection<?> keys) {
        CacheEngine<?, ?> engine = engines.apply(cache);
        if (engine == null) {
            return;
        }
        engine.countInvalidation();
        if (keys.isEmpty()) {
            engine.local().cleared();
        } else {
            keys.forEach(engine.local()::invalidated);
        }
    }

    private void end(
            CompletableFuture<Void> done,
            String cache,
            Collection<?> keys,
            @Nullable Delivery outcome,
            @Nullable Throwable failure) {
        if (failure != null) {
            done.completeExceptionally(Failures.unwrap(failure));
        } else if (outcome == Delivery.PENDING) {
            context.listeners().publish(new CacheEvent.InvalidationPending(cache, keys.size()));
            done.completeExceptionally(new InvalidationPendingException(cache, keys));
        } else {
            context.listeners().publish(new CacheEvent.Invalidated(cache, keys.size()));
            done.complete(null);
        }
    }

    private void await(Function<Executor, CompletableFuture<Void>> start) {
        CallerExecutor caller = new CallerExecutor(context.threads());
        CompletableFuture<Void> done = start.apply(caller);
        caller.runUntilDone(done);
        try {
            done.getNow(null);
        } catch (RuntimeException e) {
            throw Failures.sneak(Failures.unwrap(e));
        }
    }
}
