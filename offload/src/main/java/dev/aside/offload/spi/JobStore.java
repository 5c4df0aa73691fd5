package dev.aside.offload.spi;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.Payload;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Where jobs are kept so that anybody can ask for them by id. The record is the only truth; an implementation decides
 * each command atomically, answers repeated commands the same way, and refuses writers that are not the owner.
 *
 * <p>Every method may be called from any thread, returns at once, and reports trouble through the stage (never null,
 * never a thrown exception other than {@link NullPointerException}). Stages may complete on any thread; dependents that
 * do more than a few instructions go to an executor of the caller.
 */
public interface JobStore extends AutoCloseable {
    /**
     * Takes over a job whose work lives in one process: the record says QUEUED, SCHEDULED or RUNNING and names its
     * owner. When the stage completes with ACCEPTED, {@link #find} knows the job.
     */
    CompletionStage<Admission> track(JobRecord record);

    /** Takes {@link #track} back: the job is unknown again. Only its owner may. */
    CompletionStage<WriteAnswer> untrack(String jobId, Owner owner);

    /** Writes state and progress of an unfinished job. */
    CompletionStage<WriteAnswer> update(String jobId, Owner owner, JobUpdate update);

    /** Ends a job. A result larger than the store takes is not kept: the job is FAILED with {@code result-too-large}. */
    CompletionStage<WriteAnswer> finish(String jobId, Owner owner, JobEnd end);

    /**
     * Asks to cancel a job. The flag is written first, then the owner is told through {@link JobSignals}. A LOCAL job
     * that has not started is REQUESTED too: only its process can take it out of its queue.
     */
    CompletionStage<CancelAnswer> cancel(String jobId, String reason);

    /** The record, or empty when no such job is known: never a job that looks as if it were waiting. */
    CompletionStage<Optional<JobRecord>> find(String jobId);

    /** The result of a job that has SUCCEEDED, or empty when there is none or it is not kept any more. */
    CompletionStage<Optional<Payload>> result(String jobId);

    /** Sends signals to the listener until the returned registration is closed. */
    Registration subscribe(JobSignals listener);

    /** Whether results may be handed over as references; otherwise they have to be encoded. */
    boolean keepsReferences();

    /** How long before its threshold a call should be written, so that the write is done in time. */
    default Duration writeBudget() {
        return Duration.ZERO;
    }

    /** The shortest time between two progress writes of one job. */
    default Duration progressInterval() {
        return Duration.ZERO;
    }

    /** Releases what the store holds. Idempotent. */
    @Override
    void close();

    /** Ends a subscription. */
    @FunctionalInterface
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
