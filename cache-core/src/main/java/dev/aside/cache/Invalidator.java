package dev.aside.cache;

import dev.aside.cache.spi.Delivery;
import dev.aside.cache.spi.Intent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
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

    /** Invalidates and waits, or puts it off until the commit of the calling thread's transaction. */
    void invalidate(Scope scope) {
        checkMayWait(scope.cache(), scope instanceof Scope.Tags ? "invalidateTagAsync" : "invalidateAllAsync");
        if (transactions.putOff(this, scope) == null) {
            invalidateNow(scope);
        }
    }

    /** Invalidates and waits, transaction or not. */
    void invalidateNow(Scope scope) {
        context.await(executor -> start(scope, List.of(), executor));
    }

    /** As {@link #fence}, waiting. */
    List<Intent> fenceNow(Scope.Keys scope, boolean required) {
        return context.await(executor -> fence(scope, required, executor));
    }

    /** Ends announced writes by invalidating their keys, and waits. */
    void endNow(Scope.Keys scope, List<Intent> intents) {
        context.await(executor -> start(scope, intents, executor));
    }

    CompletableFuture<Void> invalidateAsync(Scope scope) {
        CompletableFuture<Void> later = transactions.putOff(this, scope);
        return later == null ? start(scope, List.of(), context.threads()) : later;
    }

    Transactions transactions() {
        return transactions;
    }

    /**
     * Refuses on an event loop; without a remote tier there is nothing to wait for.
     *
     * @param instead the method that does not wait
     */
    void checkMayWait(String cache, String instead) {
        if (context.hasRemote()) {
            context.callers().blocking().check(cache, instead);
        }
    }

    /**
     * Announces a write, and drops what this process holds of its keys.
     *
     * @return one intent per key; empty if the remote tier does not take it
     */
    CompletableFuture<List<Intent>> announce(Scope.Keys scope, Executor executor) {
        CompletableFuture<List<Intent>> done = new CompletableFuture<>();
        if (scope.isEmpty()) {
            done.complete(List.of());
            return done;
        }
        CompletionStage<List<Intent>> placed = orFailed(() -> context.remote().announce(scope.cache(), scope.keys()));
        Steps.then(placed, executor, (intents, failure) -> {
            try {
                applyHere(scope);
                if (failure == null) {
                    done.complete(intents);
                } else {
                    done.completeExceptionally(Failures.unwrap(failure));
                }
            } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    /** As {@link #announce}, for a write that wants a fence: fails if it requires one that cannot be placed. */
    CompletableFuture<List<Intent>> fence(Scope.Keys scope, boolean required, Executor executor) {
        return Steps.map(announce(scope, executor), intents -> {
            if (intents.isEmpty() && required && !scope.isEmpty() && context.hasRemote()) {
                throw new FencedWriteRefusedException(scope);
            }
            return intents;
        });
    }

    /** Invalidates, transaction or not; by ending the intents, if there are any. */
    CompletableFuture<Void> start(Scope scope, List<Intent> intents, Executor executor) {
        if (scope.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        CompletionStage<Delivery> delivery = orFailed(
                () -> intents.isEmpty() ? deliver(scope) : context.remote().end(intents));
        Steps.then(delivery, executor, (outcome, failure) -> {
            try {
                applyHere(scope);
                count(scope.cache());
                end(done, scope, outcome, failure);
            } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    /**
     * Invalidates, and waits until no node can serve what was there before: for the tier's stale bound.
     *
     * @throws IllegalStateException inside a transaction, whose own commit it would have to wait for
     */
    CompletableFuture<Void> startAndWait(Scope scope, Executor executor) {
        if (transactions.active()) {
            throw new IllegalStateException(
                    "cache '" + scope.cache() + "': invalidateAndWait inside a transaction would"
                            + " have to wait for its commit [hint: call it after the commit, or use invalidateAll]");
        }
        long bound = context.remote().staleBound().toNanos();
        CompletableFuture<Void> gone = start(scope, List.of(), executor);
        return bound == 0
                ? gone
                : Steps.compose(
                        gone,
                        delivered -> CompletableFuture.runAsync(
                                () -> {}, CompletableFuture.delayedExecutor(bound, TimeUnit.NANOSECONDS, executor)));
    }

    private CompletionStage<Delivery> deliver(Scope scope) {
        if (scope instanceof Scope.Keys some) {
            return context.remote().invalidate(some.cache(), some.keys());
        }
        if (scope instanceof Scope.Tags some) {
            return context.remote().invalidateTags(some.cache(), some.tags());
        }
        return context.remote().clear(scope.cache());
    }

    /** A tier may refuse a key outright; what this process holds goes all the same, and the caller is told. */
    private static <T> CompletionStage<T> orFailed(Supplier<CompletionStage<T>> order) {
        try {
            return order.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** After the remote tier, so that a reader that comes next cannot fetch the old value from there again. */
    private void applyHere(Scope scope) {
        CacheEngine<?, ?> engine = engines.apply(scope.cache());
        if (engine == null) {
            return;
        }
        if (scope instanceof Scope.Keys some) {
            some.keys().forEach(engine.local()::invalidated);
        } else if (scope instanceof Scope.Tags some) {
            some.tags().forEach(engine.local()::tagInvalidated);
        } else {
            engine.local().cleared();
        }
    }

    private void count(String cache) {
        CacheEngine<?, ?> engine = engines.apply(cache);
        if (engine != null) {
            engine.countInvalidation();
        }
    }

    private void end(
            CompletableFuture<Void> done, Scope scope, @Nullable Delivery outcome, @Nullable Throwable failure) {
        if (failure != null) {
            Throwable cause = Failures.unwrap(failure);
            context.listeners().publish(new CacheEvent.InvalidationFailed(scope.cache(), cause));
            done.completeExceptionally(cause);
        } else if (outcome == Delivery.PENDING) {
            context.listeners().publish(new CacheEvent.InvalidationPending(scope.cache(), size(scope)));
            done.completeExceptionally(new InvalidationPendingException(scope));
        } else {
            context.listeners()
                    .publish(
                            scope instanceof Scope.Tags some
                                    ? new CacheEvent.TagsInvalidated(some.cache(), some.tags())
                                    : new CacheEvent.Invalidated(scope.cache(), size(scope)));
            done.complete(null);
        }
    }

    private static int size(Scope scope) {
        return scope instanceof Scope.Keys some
                ? some.keys().size()
                : scope instanceof Scope.Tags some ? some.tags().size() : 0;
    }
}
