package dev.aside.offload;

import dev.aside.offload.job.JobState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Something that happened to a piece of work; what metrics, traces and logs are made of. Holds no user data. */
public sealed interface OffloadEvent {
    /** The type of the work. */
    String type();

    /** How a caller got its answer. */
    enum Mode {
        /** With the result or the task's exception. */
        INLINE,
        /** With a job, after waiting for the threshold. */
        PROMOTED,
        /** With a job at once: its threshold was zero, or its type is adaptive and hardly ever done in time. */
        DIRECT
    }

    /**
     * A caller got its answer.
     *
     * @param waited from the arrival of the call
     */
    record Answered(String type, Mode mode, Duration waited) implements OffloadEvent {}

    /**
     * A call was refused before it began.
     *
     * @param retryAfter what the caller was told
     */
    record Rejected(String type, Duration retryAfter) implements OffloadEvent {}

    /** A named job was stored. */
    record Enqueued(String type, String jobId) implements OffloadEvent {}

    /**
     * An attempt began.
     *
     * @param attempt from 1
     * @param queued from arrival here to the first attempt, or from the last attempt to this one
     */
    record Started(String type, int attempt, Duration queued) implements OffloadEvent {}

    /**
     * An attempt failed.
     *
     * @param failures so far
     * @param thrown by the task, or {@link JobTimeoutException}
     * @param pause to the next attempt, or null if there is none
     */
    record AttemptFailed(
            String type,
            int failures,
            Throwable thrown,
            @Nullable Duration pause) implements OffloadEvent {}

    /**
     * The work is over, or handed back to the store (SCHEDULED, QUEUED).
     *
     * @param attempts it took
     * @param ran the last attempt, zero if there was none
     */
    record Ended(String type, JobState state, int attempts, Duration ran) implements OffloadEvent {}

    /** A thread was given up: the job is over, thread and permit stay taken until it really ends. */
    record Detached(String type) implements OffloadEvent {}
}
