package dev.aside.cache;

import dev.aside.cache.annotation.Fenced;
import dev.aside.cache.annotation.OnPending;
import dev.aside.cache.proxy.MethodPlan;
import dev.aside.cache.spi.Intent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Invalidates after the method, whether it returned or threw: a write that failed may have been done all the same. Inside
 * a transaction the invalidation is noted before the method, which may read what it has just written, and done after the
 * commit. Thread-safe.
 */
final class InvalidateEffect implements WriteEffect {
    private final MethodPlan.Invalidation plan;
    private final Invalidator invalidator;

    InvalidateEffect(MethodPlan.Invalidation plan, Invalidator invalidator) {
        this.plan = plan;
        this.invalidator = invalidator;
    }

    @Override
    public String cache() {
        return plan.cache();
    }

    @Override
    public CompletableFuture<After> before(@Nullable Object[] arguments, Executor executor) {
        Scope.Keys keys = Scope.keys(plan.cache(), plan.keys(arguments));
        List<String> tags = plan.tags().before(arguments);
        Touched mine = invalidator.transactions().touching(invalidator);
        if (mine != null && putOff(mine, keys, tags)) {
            return CompletableFuture.completedFuture((result, failure, then) -> withLateTags(
                    arguments, result, failure, late -> afterPutOff(mine, keys, joined(tags, late), late, then)));
        }
        CompletableFuture<List<Intent>> announced = plan.fenced() == Fenced.NONE
                ? CompletableFuture.completedFuture(List.of())
                : invalidator.fence(keys, plan.fenced() == Fenced.REQUIRED, executor);
        return Steps.map(
                announced,
                intents -> (result, failure, then) -> withLateTags(
                        arguments, result, failure, late -> invalidate(keys, intents, joined(tags, late), then)));
    }

    /** Works out the tags that depend on the result. If the user's getters fail, all the rest is invalidated even so. */
    private CompletableFuture<Void> withLateTags(
            @Nullable Object[] arguments,
            @Nullable Object result,
            @Nullable Throwable failure,
            Function<List<String>, CompletableFuture<Void>> invalidation) {
        List<String> late;
        try {
            late = failure == null ? plan.tags().after(arguments, result) : List.of();
        } catch (RuntimeException | Error e) {
            return Steps.settle(CompletableFuture.failedFuture(e), (nothing, why) -> invalidation.apply(List.of()));
        }
        return invalidation.apply(late);
    }

    private static List<String> joined(List<String> early, List<String> late) {
        List<String> all = new ArrayList<>(early);
        all.addAll(late);
        return all;
    }

    /** Whether all of it waits for the commit; not if the transaction's invalidations have begun. */
    private boolean putOff(Touched mine, Scope.Keys keys, List<String> tags) {
        if (plan.all()) {
            return mine.add(new Scope.All(plan.cache()));
        }
        boolean keysWait =
                plan.fenced() == Fenced.NONE ? mine.add(keys) : mine.fence(keys, plan.fenced() == Fenced.REQUIRED);
        return keysWait && (tags.isEmpty() || mine.add(Scope.tags(plan.cache(), tags)));
    }

    /**
     * An asynchronous write may end after its transaction: then it invalidates once more, for itself.
     *
     * <p>Guards against race: it ends inside another's transaction (TransactionIT.asyncWrite_endsInsideAnother_*)
     */
    private CompletableFuture<Void> afterPutOff(
            Touched mine, Scope.Keys keys, List<String> tags, List<String> late, Executor executor) {
        if (mine.over()) {
            return invalidate(keys, List.of(), tags, executor);
        }
        return late.isEmpty() || mine.add(Scope.tags(plan.cache(), late))
                ? CompletableFuture.completedFuture(null)
                : invalidate(keys, List.of(), tags, executor);
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
