package dev.aside.cache;

import dev.aside.cache.annotation.Fenced;
import dev.aside.cache.annotation.OnPending;
import dev.aside.cache.proxy.MethodPlan;
import dev.aside.cache.spi.Intent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Invalidates after the method, whether it returned or threw: a write that failed may have been done all the same. Inside
 * a transaction the invalidation is noted before the method, which may read what it has just written, and done after the
 * commit. Thread-safe.
 */
final class InvalidateEffect implements WriteEffect {
    private final MethodPlan.Invalidation plan;
    private final Invalidator invalidator;
    private final Transactions transactions;

    InvalidateEffect(MethodPlan.Invalidation plan, Invalidator invalidator) {
        this.plan = plan;
        this.invalidator = invalidator;
        this.transactions = invalidator.transactions();
    }

    @Override
    public String cache() {
        return plan.cache();
    }

    @Override
    public CompletableFuture<After> before(@Nullable Object[] arguments, Executor executor) {
        Scope.Keys keys = Scope.keys(plan.cache(), plan.keys(arguments));
        List<String> tags = plan.tags().before(arguments);
        if (transactions.active() && putOff(keys, tags)) {
            return CompletableFuture.completedFuture(
                    (result, failure, then) -> afterPutOff(keys, tags, lateTags(arguments, result, failure), then));
        }
        CompletableFuture<List<Intent>> announced = plan.fenced() == Fenced.NONE
                ? CompletableFuture.completedFuture(List.of())
                : invalidator.fence(keys, plan.fenced() == Fenced.REQUIRED, executor);
        return Steps.map(announced, intents -> (result, failure, then) -> {
            List<String> all = new ArrayList<>(tags);
            all.addAll(lateTags(arguments, result, failure));
            return invalidate(keys, intents, all, then);
        });
    }

    private List<String> lateTags(@Nullable Object[] arguments, @Nullable Object result, @Nullable Throwable failure) {
        return failure == null ? plan.tags().after(arguments, result) : List.of();
    }

    /** Whether all of it waits for the commit; not if the transaction's invalidations have begun. */
    private boolean putOff(Scope.Keys keys, List<String> tags) {
        if (plan.all()) {
            return transactions.putOff(invalidator, new Scope.All(plan.cache())) != null;
        }
        boolean keysWait = plan.fenced() == Fenced.NONE
                ? transactions.putOff(invalidator, keys) != null
                : transactions.fence(invalidator, keys, plan.fenced() == Fenced.REQUIRED);
        return keysWait && (tags.isEmpty() || transactions.putOff(invalidator, Scope.tags(plan.cache(), tags)) != null);
    }

    /** An asynchronous write may end after its transaction: then it invalidates once more, for itself. */
    private CompletableFuture<Void> afterPutOff(
            Scope.Keys keys, List<String> tags, List<String> late, Executor executor) {
        if (transactions.active()) {
            return late.isEmpty() || transactions.putOff(invalidator, Scope.tags(plan.cache(), late)) != null
                    ? CompletableFuture.completedFuture(null)
                    : invalidate(Scope.keys(plan.cache(), List.of()), List.of(), late, executor);
        }
        List<String> all = new ArrayList<>(tags);
        all.addAll(late);
        return invalidate(keys, List.of(), all, executor);
    }

    private CompletableFuture<Void> invalidate(
            Scope.Keys keys, List<Intent> intents, List<String> tags, Executor executor) {
        if (plan.all()) {
            return reported(invalidator.start(new Scope.All(plan.cache()), List.of(), executor));
        }
        return CompletableFuture.allOf(
                reported(invalidator.start(keys, intents, executor)),
                reported(invalidator.start(Scope.tags(plan.cache(), tags), List.of(), executor)));
    }

    /** A pending invalidation has been published as an event and is being retried: the caller sees it if asked for. */
    private CompletableFuture<Void> reported(CompletableFuture<Void> invalidation) {
        return plan.onPending() == OnPending.THROW ? invalidation : Steps.unlessPending(invalidation);
    }
}
