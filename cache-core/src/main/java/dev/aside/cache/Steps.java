package dev.aside.cache;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How one step of a pipeline follows another. */
final class Steps {
    private Steps() {}

    /**
     * Runs the next step at once if the stage is done, or else on the executor when it is: never on the thread that
     * completes the stage, which may be an I/O thread.
     */
    static <T> void then(CompletionStage<T> stage, Executor executor, BiConsumer<T, @Nullable Throwable> next) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        if (future.isDone()) {
            future.whenComplete(next);
        } else {
            future.whenCompleteAsync(next, executor);
        }
    }

    /** A new future of what the function makes of the value; failures arrive as they are, not wrapped. */
    static <T, R> CompletableFuture<R> map(CompletableFuture<T> source, Function<? super T, ? extends R> function) {
        CompletableFuture<R> target = new CompletableFuture<>();
        source.whenComplete((value, failure) -> {
            if (failure != null) {
                target.completeExceptionally(Failures.unwrap(failure));
                return;
            }
            try {
                target.complete(function.apply(value));
            } catch (RuntimeException | Error e) {
                target.completeExceptionally(e);
            }
        });
        return target;
    }

    /** A new future of the one that the function makes of the value; failures arrive as they are, not wrapped. */
    static <T, R> CompletableFuture<R> compose(
            CompletableFuture<T> source, Function<? super T, CompletableFuture<R>> function) {
        CompletableFuture<R> target = new CompletableFuture<>();
        source.whenComplete((value, failure) -> {
            if (failure != null) {
                target.completeExceptionally(Failures.unwrap(failure));
                return;
            }
            begin(() -> function.apply(value)).whenComplete((result, thrown) -> {
                if (thrown == null) {
                    target.complete(result);
                } else {
                    target.completeExceptionally(Failures.unwrap(thrown));
                }
            });
        });
        return target;
    }

    /** Something of the user's that begins a stage. */
    @FunctionalInterface
    interface Start<T> {
        @Nullable CompletionStage<? extends T> start() throws Throwable;
    }

    /** Begins something of the user's; what it throws is a failed stage. */
    static <T> CompletableFuture<T> begin(Start<T> start) {
        try {
            CompletionStage<? extends T> stage =
                    Objects.requireNonNull(start.start(), "null was returned, not a stage");
            return map(stage.toCompletableFuture(), value -> value);
        } catch (Throwable e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The outcome of a write, given when what has to follow it in either case is done too. */
    static <T> CompletableFuture<T> settle(
            CompletableFuture<T> write, BiFunction<T, @Nullable Throwable, CompletableFuture<Void>> follow) {
        CompletableFuture<T> settled = new CompletableFuture<>();
        write.whenComplete((value, thrown) -> {
            Throwable failure = thrown == null ? null : Failures.unwrap(thrown);
            begin(() -> follow.apply(value, failure)).whenComplete((nothing, alsoThrown) -> {
                Throwable alsoFailed = alsoThrown == null ? null : Failures.unwrap(alsoThrown);
                if (failure != null) {
                    if (alsoFailed != null) {
                        Failures.suppress(failure, alsoFailed);
                    }
                    settled.completeExceptionally(failure);
                } else if (alsoFailed != null) {
                    settled.completeExceptionally(alsoFailed);
                } else {
                    settled.complete(value);
                }
            });
        });
        return settled;
    }

    /** An invalidation that counts as done when it is pending. */
    static CompletableFuture<Void> unlessPending(CompletableFuture<Void> invalidation) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        invalidation.whenComplete((nothing, thrown) -> {
            Throwable failure = thrown == null ? null : Failures.unwrap(thrown);
            if (failure == null || failure instanceof InvalidationPendingException) {
                done.complete(null);
            } else {
                done.completeExceptionally(failure);
            }
        });
        return done;
    }
}
