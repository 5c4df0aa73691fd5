package dev.aside.offload;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The step from asynchronous stores to blocking callers. */
final class Stages {
    /** A store has its own time limits; this only keeps a broken one from holding callers for ever. */
    private static final long LIMIT_SECONDS = 30;

    private Stages() {}

    /** The same stage, failing with what was thrown instead of a {@link CompletionException} around it. */
    static <T> CompletionStage<T> unwrapped(CompletionStage<T> stage) {
        CompletableFuture<T> plain = new CompletableFuture<>();
        stage.whenComplete((value, failure) -> {
            if (failure == null) {
                plain.complete(value);
            } else {
                plain.completeExceptionally(
                        failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure);
            }
        });
        return plain;
    }

    /**
     * @throws OffloadException if the stage fails with one
     * @throws IllegalArgumentException if the stage fails with one
     * @throws JobStoreException if the stage fails, does not end, or the thread is interrupted (the flag stays set)
     */
    static <T> T join(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof OffloadException own) {
                throw own;
            }
            if (e.getCause() instanceof IllegalArgumentException mistake) {
                throw mistake; // of the caller's: a payload that cannot be stored
            }
            throw new JobStoreException("the job store failed", e.getCause());
        } catch (TimeoutException e) {
            throw new JobStoreException("the job store did not answer within " + LIMIT_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobStoreException("interrupted while waiting for the job store", e);
        }
    }
}
