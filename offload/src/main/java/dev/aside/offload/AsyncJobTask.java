package dev.aside.offload;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Work that does not block: it starts something and says how to learn of its end.
 *
 * @param <T> type of the result
 */
@FunctionalInterface
public interface AsyncJobTask<T extends @Nullable Object> {
    /**
     * Starts the work on a thread of the executor, which is free again when this returns.
     *
     * @param context progress and cancellation of this run
     * @return completes with the result or what went wrong; never null
     */
    CompletionStage<T> start(JobContext context) throws Exception;
}
