package dev.aside.offload;

import dev.aside.offload.spi.CancelAnswer;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A job in the hands of somebody who may watch and cancel it. Thread-safe.
 *
 * @param <T> type of the result
 */
public interface JobHandle<T extends @Nullable Object> {
    /** Its id, by which {@link OffloadExecutor#find(String)} knows it. */
    String id();

    /** Its type. */
    String type();

    /**
     * How it stands now.
     *
     * @throws JobNotFoundException if it is not kept any more
     */
    JobSnapshot status();

    /**
     * Waits for the end of the job.
     *
     * @param timeout zero or less only looks
     * @return whether it is over
     * @throws InterruptedException if the calling thread is interrupted; the job goes on
     * @throws IllegalStateException if called by work of the same executor, which would hold a worker to wait for one
     */
    boolean await(Duration timeout) throws InterruptedException;

    /**
     * The result of a job that has SUCCEEDED.
     *
     * @throws IllegalStateException if it is not over
     * @throws JobFailedException if it ended without a result; the cause is the task's exception where it is known
     * @throws JobNotFoundException if the result is not kept any more
     */
    T result();

    /**
     * Completes at the end of the job, with its result or exceptionally as {@link #result()} throws. Dependents run on
     * the executor's callback threads.
     */
    CompletionStage<T> completion();

    /**
     * Asks to cancel it: first through {@link JobContext#isCancelled()}, then by interrupt.
     *
     * @param reason shown with the job
     */
    CancelAnswer cancel(String reason);
}
