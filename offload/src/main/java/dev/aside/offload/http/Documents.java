package dev.aside.offload.http;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes answers that carry the status document. Immutable. */
final class Documents {
    /** Sooner than this no poll is worth its answer. */
    private static final Duration SHORTEST = Duration.ofMillis(100);

    private final Problems problems;
    private final Duration retryAfter;
    private final Duration maxRetryAfter;

    Documents(Problems problems, Duration retryAfter, Duration maxRetryAfter) {
        this.problems = problems;
        this.retryAfter = retryAfter;
        this.maxRetryAfter = maxRetryAfter;
    }

    Answer answer(int status, Headers.Builder headers, Accept accept, JobView job, JobLinks links) {
        return Answer.document(status, headers, MediaTypes.ofDocument(accept), document(job, links));
    }

    Map<String, @Nullable Object> document(JobView job, JobLinks links) {
        return StatusDocument.of(job, links, pause(job), problems);
    }

    /** When to ask again: the estimate if there is one, within bounds. */
    Duration pause(JobView job) {
        return Durations.clamp(job.retryAfterOr(retryAfter), SHORTEST, maxRetryAfter);
    }

    /** The header for that; nobody has to ask again for a job that is over. */
    Headers.Builder withRetryAfter(Headers.Builder headers, JobView job) {
        return job.isFinished() ? headers : headers.set("Retry-After", Durations.retryAfter(pause(job)));
    }

    /** 202 for a job that is not over, or was taken in just now. */
    Answer accepted(Headers.Builder headers, Accept accept, JobView job, JobLinks links) {
        headers.set("Location", links.self()).set("Operation-Location", links.document());
        withRetryAfter(headers, job).set("Cache-Control", "no-store");
        return answer(202, headers, accept, job, links);
    }
}
