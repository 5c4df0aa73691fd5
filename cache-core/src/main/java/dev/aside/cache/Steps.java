package dev.aside.cache;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
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
}
