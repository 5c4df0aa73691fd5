package dev.aside.offload;

import org.jspecify.annotations.Nullable;

/**
 * Work that may block.
 *
 * @param <T> type of the result
 * @param <X> what it may throw; inferred from a lambda, {@link RuntimeException} when it throws nothing checked
 */
@FunctionalInterface
public interface JobTask<T extends @Nullable Object, X extends Exception> {
    /**
     * Does the work on a thread of the executor.
     *
     * @param context progress and cancellation of this run
     * @return the result, may be null
     */
    T run(JobContext context) throws X;
}
