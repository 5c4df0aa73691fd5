package dev.aside.spring.cache;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Futures whose failures arrive as they are, where {@code thenApply} would wrap them. */
final class Stages {
    private Stages() {}

    static <T, R> CompletableFuture<@Nullable R> map(
            CompletableFuture<T> source, Function<? super T, ? extends @Nullable R> function) {
        CompletableFuture<@Nullable R> target = new CompletableFuture<>();
        source.whenComplete((value, failure) -> {
            if (failure != null) {
                target.completeExceptionally(unwrapped(failure));
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

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}
