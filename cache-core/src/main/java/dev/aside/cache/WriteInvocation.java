package dev.aside.cache;

import dev.aside.cache.annotation.OnPending;
import dev.aside.cache.proxy.MethodPlan;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A method that invalidates after it has run, whether it returned or threw: a write that failed may have been done all
 * the same. Thread-safe.
 */
final class WriteInvocation {
    private final MethodPlan.Write plan;
    private final Target target;
    private final Invalidator invalidator;

    WriteInvocation(MethodPlan.Write plan, Target target, Invalidator invalidator) {
        this.plan = plan;
        this.target = target;
        this.invalidator = invalidator;
    }

    @Nullable Object invoke(@Nullable Object[] arguments) throws Throwable {
        for (MethodPlan.Invalidation invalidation : plan.invalidations()) {
            // before the write, not after it
            invalidator.checkMayWait(invalidation.cache());
        }
        // the keys as they were passed: the method may change its arguments
        List<List<Object>> keys = keys(arguments);
        if (invalidator.inTransaction()) {
            // before the method, which may read what it has just written
            invalidate(keys);
            return target.call(arguments);
        }
        Object result;
        try {
            result = target.call(arguments);
        } catch (Throwable failure) {
            try {
                invalidate(keys);
            } catch (RuntimeException e) {
                failure.addSuppressed(e);
            }
            throw failure;
        }
        invalidate(keys);
        return result;
    }

    private void invalidate(List<List<Object>> keys) {
        RuntimeException first = null;
        for (int i = 0; i < keys.size(); i++) {
            MethodPlan.Invalidation invalidation = plan.invalidations().get(i);
            try {
                if (invalidation.key() == null) {
                    invalidator.clear(invalidation.cache());
                } else {
                    invalidator.invalidate(invalidation.cache(), keys.get(i));
                }
            } catch (RuntimeException e) {
                if (reported(invalidation, e)) {
                    if (first == null) {
                        first = e;
                    } else {
                        first.addSuppressed(e);
                    }
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    @Nullable Object invokeAsync(@Nullable Object[] arguments) throws Throwable {
        List<List<Object>> keys = keys(arguments);
        if (invalidator.inTransaction()) {
            // and once more when the stage is done, which may be after the commit
            invalidate(keys);
        }
        CompletionStage<?> stage;
        try {
            stage = (CompletionStage<?>) target.call(arguments);
        } catch (Throwable failure) {
            stage = CompletableFuture.failedStage(failure);
        }
        if (stage == null) {
            throw new NullPointerException(plan.where() + " returned null instead of a stage");
        }
        CompletableFuture<@Nullable Object> done = new CompletableFuture<>();
        stage.whenComplete((value, failure) -> {
            try {
                invalidateDone(keys, (nothing, notDelivered) -> complete(done, value, failure, notDelivered));
            } catch (RuntimeException | Error e) {
                complete(done, value, failure, e); // a transaction bridge that fails must not leave the caller waiting
            }
        });
        return done;
    }

    private static void complete(
            CompletableFuture<@Nullable Object> done,
            @Nullable Object value,
            @Nullable Throwable failure,
            @Nullable Throwable notDelivered) {
        if (failure != null) {
            done.completeExceptionally(Failures.unwrap(failure));
        } else if (notDelivered != null) {
            done.completeExceptionally(Failures.unwrap(notDelivered));
        } else {
            done.complete(value);
        }
    }

    /** After an asynchronous write; one that is done inside its transaction has said what to do after the commit. */
    private void invalidateDone(List<List<Object>> keys, BiConsumer<@Nullable Void, @Nullable Throwable> then) {
        if (invalidator.inTransaction()) {
            then.accept(null, null);
        } else {
            invalidateAsync(keys, then);
        }
    }

    private void invalidateAsync(List<List<Object>> keys, BiConsumer<@Nullable Void, @Nullable Throwable> then) {
        CompletableFuture<?>[] all = new CompletableFuture<?>[keys.size()];
        for (int i = 0; i < all.length; i++) {
            MethodPlan.Invalidation invalidation = plan.invalidations().get(i);
            CompletableFuture<Void> one = invalidation.key() == null
                    ? invalidator.clearAsync(invalidation.cache())
                    : invalidator.invalidateAsync(invalidation.cache(), keys.get(i));
            all[i] = one.exceptionally(failure -> {
                if (reported(invalidation, Failures.unwrap(failure))) {
                    throw Failures.sneak(Failures.unwrap(failure));
                }
                return null;
            });
        }
        CompletableFuture.allOf(all).whenComplete(then);
    }

    /** Whether the caller is to see it: a pending invalidation has been published as an event and is being retried. */
    private static boolean reported(MethodPlan.Invalidation invalidation, Throwable failure) {
        return !(failure instanceof InvalidationPendingException) || invalidation.onPending() == OnPending.THROW;
    }

    private List<List<Object>> keys(@Nullable Object[] arguments) {
        return plan.invalidations().stream()
                .map(invalidation -> invalidation.keys(arguments))
                .toList();
    }
}
