package dev.aside.offload.http;

import dev.aside.offload.JobSnapshot;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.job.Payload;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A job as the contract shows it: its record, and what the caller of the contract knows besides. Immutable. */
public final class JobView {
    private final JobRecord record;
    /** Null when the result is not kept any more; of no matter unless SUCCEEDED. */
    private final @Nullable ResultHead result;

    private final int maxAttempts;
    private final @Nullable Duration retryAfter;

    private JobView(JobRecord record, @Nullable ResultHead result, int maxAttempts, @Nullable Duration retryAfter) {
        this.record = Objects.requireNonNull(record, "record");
        this.result = result;
        this.maxAttempts = maxAttempts;
        this.retryAfter = retryAfter;
    }

    /** A job whose result, if it has one, is there and answers 200. */
    public static JobView of(JobRecord record) {
        return new JobView(record, ResultHead.of(200), 0, null);
    }

    /** A job as it was found. A result answers 200, and 204 if it is known to be null. */
    public static JobView of(JobSnapshot found) {
        JobView view = found.retryAfter().map(of(found.record())::retryAfter).orElseGet(() -> of(found.record()));
        if (found.isResultExpired()) {
            return view.resultExpired();
        }
        boolean nothing = found.resultPayload().map(JobView::isNothing).orElse(false);
        return nothing ? view.result(ResultHead.of(204)) : view;
    }

    private static boolean isNothing(Payload payload) {
        return !payload.isEncoded() && payload.value() == null;
    }

    /** With what the operation answered. */
    public JobView result(ResultHead result) {
        return new JobView(record, Objects.requireNonNull(result, "result"), maxAttempts, retryAfter);
    }

    /** Its result is not kept any more. */
    public JobView resultExpired() {
        return new JobView(record, null, maxAttempts, retryAfter);
    }

    /**
     * With the number of attempts it may take; left out of documents unless it is said.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public JobView maxAttempts(int maxAttempts) {
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("maxAttempts " + maxAttempts + " of job " + id() + " is below 1.");
        }
        return new JobView(record, result, maxAttempts, retryAfter);
    }

    /** With an estimate of when it is worth asking again; any length, shortened to the contract's bounds. */
    public JobView retryAfter(Duration estimate) {
        return new JobView(record, result, maxAttempts, Objects.requireNonNull(estimate, "estimate"));
    }

    JobRecord record() {
        return record;
    }

    String id() {
        return record.id();
    }

    boolean isFinished() {
        return record.state().isTerminal();
    }

    boolean is(JobState state) {
        return record.state() == state;
    }

    boolean isResultExpired() {
        return is(JobState.SUCCEEDED) && result == null;
    }

    /** Asked only of a job that SUCCEEDED and whose result is kept. */
    ResultHead result() {
        return Objects.requireNonNull(result, "result");
    }

    int maxAttempts() {
        return maxAttempts;
    }

    Duration retryAfterOr(Duration standard) {
        return retryAfter == null ? standard : retryAfter;
    }

    /** Strong: the document of a version is one document, but for the advice when to ask again. */
    String entityTag() {
        return "\"" + record.version() + (isResultExpired() ? "-expired" : "") + "\"";
    }
}
