package dev.aside.cache;

import dev.aside.cache.spi.MethodBody;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A method that puts and invalidates: what its annotations do before it, the method, what they do after it. Thread-safe. */
final class WriteInvocation {
    private final String where;
    private final List<WriteEffect> effects;
    private final CacheContext context;
    private final Invalidator invalidator;

    WriteInvocation(String where, List<WriteEffect> effects, CacheContext context, Invalidator invalidator) {
        this.where = where;
        this.effects = List.copyOf(effects);
        this.context = context;
        this.invalidator = invalidator;
    }

    @Nullable Object invoke(@Nullable Object[] arguments, MethodBody body) throws Throwable {
        for (WriteEffect effect : effects) {
            // before the write, not after it
            invalidator.checkMayWait(effect.cache(), "invalidateAllAsync");
        }
        List<WriteEffect.After> afters = context.await(executor -> before(arguments, executor));
        Object result;
        try {
            result = body.call(arguments);
        } catch (Throwable failure) {
            try {
                context.await(executor -> after(afters, null, failure, executor));
            } catch (Throwable e) {
                Failures.suppress(failure, e);
            }
            throw failure;
        }
        context.await(executor -> after(afters, result, null, executor));
        return result;
    }

    @Nullable Object invokeAsync(@Nullable Object[] arguments, MethodBody body) {
        Executor threads = context.threads();
        return Steps.compose(
                before(arguments, threads),
                afters -> Steps.settle(
                        Steps.<@Nullable Object>begin(() -> stage(arguments, body)),
                        (result, failure) -> after(afters, result, failure, threads)));
    }

    private CompletionStage<?> stage(@Nullable Object[] arguments, MethodBody body) throws Throwable {
        Object stage = body.call(arguments);
        if (stage == null) {
            throw new NullPointerException(where + " returned null instead of a stage");
        }
        return (CompletionStage<?>) stage;
    }

    /** Fails if one of them does; what the others have begun is then ended, for the method will not run. */
    private CompletableFuture<List<WriteEffect.After>> before(@Nullable Object[] arguments, Executor executor) {
        List<CompletableFuture<WriteEffect.After>> begun = new ArrayList<>();
        for (WriteEffect effect : effects) {
            begun.add(Steps.begin(() -> effect.before(arguments, executor)));
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(begun.toArray(CompletableFuture<?>[]::new));
        CompletableFuture<List<WriteEffect.After>> afters = new CompletableFuture<>();
        all.whenComplete((done, thrown) -> {
            if (thrown == null) {
                afters.complete(begun.stream().map(CompletableFuture::join).toList());
                return;
            }
            Throwable failure = Failures.unwrap(thrown);
            List<WriteEffect.After> others = begun.stream()
                    .filter(one -> !one.isCompletedExceptionally())
                    .map(CompletableFuture::join)
                    .toList();
            after(others, null, failure, executor).whenComplete((ended, alsoFailed) -> {
                if (alsoFailed != null) {
                    Failures.suppress(failure, Failures.unwrap(alsoFailed));
                }
                afters.completeExceptionally(failure);
            });
        });
        return afters;
    }

    /** Runs all of them, whatever becomes of the others; fails with the first failure. */
    private static CompletableFuture<Void> after(
            List<WriteEffect.After> afters, @Nullable Object result, @Nullable Throwable failure, Executor executor) {
        CompletableFuture<?>[] all = new CompletableFuture<?>[afters.size()];
        for (int i = 0; i < all.length; i++) {
            WriteEffect.After after = afters.get(i);
            all[i] = Steps.begin(() -> after.run(result, failure, executor));
        }
        return CompletableFuture.allOf(all);
    }
}
