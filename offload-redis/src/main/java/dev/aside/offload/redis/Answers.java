package dev.aside.offload.redis;

import dev.aside.offload.JobStoreException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** Waits for answers of Redis; each of them has a time limit of its own, so that no wait is without end. */
final class Answers {
    private Answers() {}

    /** @throws JobStoreException if Redis did not answer, or refused */
    static <T> T of(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof JobStoreException own) {
                throw own;
            }
            throw new JobStoreException("the job store on Redis failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobStoreException("interrupted while waiting for Redis", e);
        }
    }
}
