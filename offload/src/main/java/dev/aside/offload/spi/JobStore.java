package dev.aside.offload.spi;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.Payload;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Where jobs are kept so that anybody can ask for them by id. The record is the only truth; an implementation decides
 * each command atomically, answers repeated commands the same way, and refuses writers that are not the owner.
 *
 * <p>Every method may be called from any thread, returns at once, and reports trouble through the stage (never null,
 * never a thrown exception other than {@link NullPointerException}). Stages may complete on any thread; dependents that
 * do more than a few instructions go to an executor of the caller.
 */
public interface JobStore extends AutoCloseable {
    // ---- work that a process has begun before anybody knew of it

    /**
     * Takes over a job that a process holds already; the record names its owner. When the stage completes with ACCEPTED,
     * {@link #find} knows the job. A LOCAL one says QUEUED, SCHEDULED or RUNNING, and is LOST with its owner. A NAMED one
     * says RUNNING and is from then on like one that its owner has claimed: with the owner lost it is QUEUED for any
     * other process.
     *
     * @param payload for the handler of whoever runs it again; given exactly when the record says NAMED
     * @param key claimed together with the job, or null; the id of the job is in the shard of the key, see
     *     {@link dev.aside.offload.job.JobId#shardOfKey}
     */
    CompletionStage<Admission> track(JobRecord record, @Nullable Payload payload, @Nullable KeyClaim key);

    /**
     * Takes {@link #track} back: the job is unknown again with its payload, its result and its key, even if it has ended.
     * Only its owner may. If it had a key, {@link JobSignals#changed} is told of it everywhere: the same call may wait for
     * this one, and can claim the key now.
     */
    CompletionStage<WriteAnswer> untrack(String jobId, Owner owner);

    // ---- named jobs

    /** Takes a named job in, QUEUED or with a delay SCHEDULED. When accepted, {@link #find} knows it. */
    CompletionStage<Admission> submit(Submission submission);

    /**
     * Gives jobs that could start now to a process: RUNNING, owned by it, with an epoch above every earlier one of the
     * job. Order: by time of readiness plus {@link dev.aside.offload.job.JobPriority#penalty()}. A job past its
     * start-by time becomes EXPIRED instead.
     */
    CompletionStage<Claims> claim(ClaimRequest request);

    /** Puts a running named job back after a failed attempt: SCHEDULED for the delay, one failure more. */
    CompletionStage<WriteAnswer> retry(String jobId, Owner owner, Duration delay, String error);

    /** Puts a running named job back untried: QUEUED, or SCHEDULED for the delay; costs no attempt. */
    CompletionStage<WriteAnswer> release(String jobId, Owner owner, Duration delay);

    /**
     * FAILED named jobs of a type, the last failed first: the dead set. They keep their payload.
     *
     * @param limit 1 or more
     */
    CompletionStage<List<JobRecord>> dead(String type, int limit);

    /** Puts a FAILED named job back to QUEUED with its attempts forgotten. */
    CompletionStage<WriteAnswer> rerun(String jobId);

    // ---- running jobs

    /**
     * Renews the leases of what a process runs. A job whose lease ran out and that nobody else has started is taken
     * back by this.
     *
     * @return one answer per holding, in order
     */
    CompletionStage<List<BeatAnswer>> beat(String node, List<Holding> holdings);

    /**
     * Looks for leases that ran out: named jobs are QUEUED again, or FAILED when they have lost too many owners; others
     * are LOST. Any process may call it at any time.
     */
    CompletionStage<Integer> tick();

    /**
     * Writes state and progress of an unfinished job. A LOCAL one moves from any unfinished state to any other: its owner
     * writes how it stands, and may have left out what was in between. FENCED or GONE tell the owner to stop.
     */
    CompletionStage<WriteAnswer> update(String jobId, Owner owner, JobUpdate update);

    /** Ends a job. A result larger than the store takes is not kept: the job is FAILED with {@code result-too-large}. */
    CompletionStage<WriteAnswer> finish(String jobId, Owner owner, JobEnd end);

    // ---- anybody

    /**
     * Asks to cancel a job. The flag is written first, then the owner is told through {@link JobSignals}. A LOCAL job
     * that has not started is REQUESTED too: only its process can take it out of its queue.
     */
    CompletionStage<CancelAnswer> cancel(String jobId, String reason);

    /**
     * Deletes jobs that are over, with payload, result and idempotency key. An unfinished job is never deleted; jobs that
     * end meanwhile may stay.
     *
     * @return how many there were
     */
    CompletionStage<Integer> purge(Purge which);

    /** The record, or empty when no such job is known: never a job that looks as if it were waiting. */
    CompletionStage<Optional<JobRecord>> find(String jobId);

    /** The result of a job that has SUCCEEDED, or empty when there is none or it is not kept any more. */
    CompletionStage<Optional<Payload>> result(String jobId);

    /** Sends signals to the listener until the returned registration is closed. */
    Registration subscribe(JobSignals listener);

    // ---- what kind of store this is

    /** Whether payloads and results may be handed over as references; otherwise they have to be encoded. */
    boolean keepsReferences();

    /** How long before its threshold a call should be written, so that the write is done in time. */
    default Duration writeBudget() {
        return Duration.ZERO;
    }

    /** The shortest time between two progress writes of one job. */
    default Duration progressInterval() {
        return Duration.ZERO;
    }

    /** How long a lease lasts without a beat; zero: leases never run out and nobody need beat or tick. */
    default Duration lease() {
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
