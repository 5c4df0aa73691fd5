package dev.aside.cache;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What one annotation of a writing method does before the method runs and after it. Thread-safe. */
interface WriteEffect {

    /** What is left to do when the method has returned or failed. Never runs twice. */
    @FunctionalInterface
    interface After {
        CompletableFuture<Void> run(@Nullable Object result, @Nullable Throwable failure, Executor executor);
    }

    /**
     * Begins on the thread that called the method, whose transaction counts.
     *
     * @param arguments as they were passed: the method may change them
     * @param executor runs what cannot run at once
     * @return fails if the method must not run
     */
    CompletableFuture<After> before(@Nullable Object[] arguments, Executor executor);

    /** The cache's name, for errors. */
    String cache();
}
