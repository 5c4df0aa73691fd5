package dev.aside.offload.job;

import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why a job has no result, as a problem document (RFC 9457) that may be shown to clients.
 *
 * @param type a URI, e.g. {@code urn:offload:job-failed}
 * @param title the same sentence for every problem of this type
 * @param status the HTTP status that fits, 400..599
 * @param detail what is particular to this one, or null; never an exception text unless a mapper puts it there
 * @param retryable whether the same work may succeed when it is asked for again
 */
public record JobProblem(
        String type, String title, int status, @Nullable String detail, boolean retryable) implements Serializable {
    /** What every type of this library begins with. */
    public static final String BASE = "urn:offload:";

    /**
     * @throws IllegalArgumentException if the status is not 400..599
     */
    public JobProblem {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(title, "title");
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status " + status + " of problem " + type
                    + " is not an error. Hint: 400..599, as the answer to a client.");
        }
    }

    /** The task threw. */
    public static JobProblem failed() {
        return new JobProblem(BASE + "job-failed", "The job failed.", 500, null, false);
    }

    /** Somebody asked to cancel, and gave {@code reason}. */
    public static JobProblem cancelled(String reason) {
        return new JobProblem(BASE + "job-cancelled", "The job was cancelled.", 410, reason, false);
    }

    /** The process that held the work is gone. */
    public static JobProblem lost() {
        return new JobProblem(BASE + "job-lost", "The process that ran the job is gone.", 500, null, true);
    }

    /** The job ran longer than its time limit. */
    public static JobProblem timeout(String limit) {
        return new JobProblem(
                BASE + "job-timeout", "The job ran longer than its time limit.", 500, "limit " + limit, true);
    }

    /** The job was not started in time. */
    public static JobProblem expired() {
        return new JobProblem(BASE + "job-expired", "The job was not started in time.", 503, null, true);
    }

    /** The result is larger than the store takes. */
    public static JobProblem resultTooLarge(long bytes, long limit) {
        return new JobProblem(
                BASE + "result-too-large",
                "The result of the job is too large to be kept.",
                500,
                bytes + " bytes, limit " + limit,
                false);
    }

    /** The result or the payload could not be encoded or decoded. */
    public static JobProblem notReadable(String what) {
        return new JobProblem(BASE + "not-encodable", "The job could not be written or read.", 500, what, false);
    }
}
