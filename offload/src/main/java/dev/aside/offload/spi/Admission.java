package dev.aside.offload.spi;

import java.util.Objects;

/**
 * A store's answer to a new job.
 *
 * @param answer what became of it
 * @param jobId the job it is now about: the new one, or the one that was there first
 */
public record Admission(Answer answer, String jobId) {
    /** What became of a new job. */
    public enum Answer {
        /** It is stored. Also when the same id was stored before: a repeated command is no error. */
        ACCEPTED,
        /** A job with this idempotency key and the same payload is there already. */
        DUPLICATE,
        /** A job with this idempotency key and another payload is there already. */
        KEY_REUSED,
        /** There is no room for another unfinished job. */
        FULL,
        /** The payload is larger than the store takes. */
        TOO_LARGE
    }

    public Admission {
        Objects.requireNonNull(answer, "answer");
        Objects.requireNonNull(jobId, "jobId");
    }
}
