package dev.aside.cache;

import dev.aside.cache.proxy.MethodPlan;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Puts what a method wrote; see {@link PutStep}. Inside a transaction it invalidates after the commit. Thread-safe. */
final class PutEffect implements WriteEffect {
    private static final After NOTHING = (result, failure, executor) -> CompletableFuture.completedFuture(null);

    private final MethodPlan.Put plan;
    private final PutStep puts;
    private final Invalidator invalidator;

    PutEffect(MethodPlan.Put plan, PutStep puts, Invalidator invalidator) {
        this.plan = plan;
        this.puts = puts;
        this.invalidator = invalidator;
    }

    @Override
    public String cache() {
        return plan.cache();
    }

    @Override
    public CompletableFuture<After> before(@Nullable Object[] arguments, Executor executor) {
        Object key = plan.key().key(arguments);
        if (key == null) {
            return CompletableFuture.completedFuture(NOTHING);
        }
        Scope.Keys scope = Scope.keys(plan.cache(), List.of(key));
        Touched mine = invalidator.transactions().touching(invalidator);
        if (mine != null && mine.add(scope)) {
            // an asynchronous write may end after its transaction: then it invalidates once more, for itself
            return CompletableFuture.completedFuture((result, failure, then) -> mine.over()
                    ? Steps.unlessPending(invalidator.start(scope, List.of(), then))
                    : CompletableFuture.completedFuture(null));
        }
        Object[] asPassed = arguments.clone();
        return Steps.map(
                puts.announce(key, executor),
                announced -> (result, failure, then) ->
                        Steps.unlessPending(end(announced, asPassed, result, failure, then)));
    }

    private CompletableFuture<Void> end(
            PutStep.Announced announced,
            @Nullable Object[] arguments,
            @Nullable Object result,
            @Nullable Throwable failure,
            Executor executor) {
        if (failure != null) {
            return puts.abandon(announced, executor);
        }
        Object value;
        List<String> tags;
        try {
            value = plan.value().read(arguments, result);
            tags = plan.tags().of(arguments, announced.key(), value);
        } catch (RuntimeException | Error e) {
            // the user's getters: the write stands, so the old value must go
            return Steps.settle(CompletableFuture.failedFuture(e), (nothing, why) -> puts.abandon(announced, executor));
        }
        return puts.store(announced, value, tags, executor);
    }
}
