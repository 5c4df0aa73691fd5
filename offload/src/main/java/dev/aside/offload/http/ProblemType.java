package dev.aside.offload.http;

import java.util.Locale;

/** The problems (RFC 9457) that the contract itself answers with; a job's own are in its record. */
public enum ProblemType {
    /** No room for more work of this kind. */
    QUEUE_FULL(503, "There is no room for more work at the moment.", true),
    /** The job store cannot be reached. */
    STORE_UNAVAILABLE(503, "Jobs cannot be stored or read at the moment.", true),
    /** This process takes no new work. */
    SHUTTING_DOWN(503, "The service is shutting down.", true),
    /** Work that may not become a job took too long and was cancelled. */
    WAIT_EXCEEDED(503, "The work was not done within the wait and was cancelled.", true),
    /** The caller asks for too much, or too often. */
    TOO_MANY_REQUESTS(429, "Too many requests.", true),
    /** The key came before, with another payload. */
    IDEMPOTENCY_KEY_REUSED(422, "The idempotency key was used for another request.", false),
    /** The request with this key is not answered yet. */
    IDEMPOTENCY_KEY_IN_PROGRESS(409, "A request with this idempotency key is in progress.", true),
    /** The endpoint requires a key. */
    IDEMPOTENCY_KEY_MISSING(400, "The request needs an Idempotency-Key header.", false),
    /** The key is none. */
    IDEMPOTENCY_KEY_MALFORMED(
            400, "The Idempotency-Key header is not one string of 8 to 255 visible ASCII characters.", false),
    /** Addresses cannot be built from what the request calls this server. */
    HOST_REFUSED(400, "The Host header is missing, malformed or not known here.", false),
    /** A condition that cannot be checked must not be passed over. */
    PRECONDITION_MALFORMED(400, "The If-Match header is not a list of entity tags.", false),
    /** The job is not in the version the caller acts on. */
    PRECONDITION_FAILED(412, "The job has changed.", true),
    /** Unknown, or somebody else's: not told apart. */
    JOB_NOT_FOUND(404, "There is no such job.", false),
    /** The job SUCCEEDED, but its result is not kept any more. */
    RESULT_EXPIRED(410, "The result of the job is not kept any more.", false),
    /** There is nothing left to cancel. */
    JOB_ALREADY_FINISHED(409, "The job is over already.", false),
    /** Something failed that the client cannot help. */
    INTERNAL_ERROR(500, "The request failed.", false);

    private final int status;
    private final String title;
    private final boolean retryable;

    ProblemType(int status, String title, boolean retryable) {
        this.status = status;
        this.title = title;
        this.retryable = retryable;
    }

    /** The status it is answered with. */
    public int status() {
        return status;
    }

    /** Its sentence, the same for all of this type. */
    public String title() {
        return title;
    }

    /** Whether the same request may succeed later. */
    public boolean isRetryable() {
        return retryable;
    }

    /** What follows the base of types, e.g. {@code queue-full}. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
