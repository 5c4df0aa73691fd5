package dev.aside.demo.web;

import dev.aside.offload.JobSnapshot;
import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobProgress;
import dev.aside.offload.job.JobRecord;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a job stands, as clients see it.
 *
 * @param state our word for it
 * @param status the word that long-running-operation clients know: NotStarted, Running, Succeeded, Failed, Canceled
 */
record JobDocument(
        String id,
        String type,
        String state,
        String status,
        long version,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        JobProgress progress,
        boolean cancelRequested,
        @Nullable String resourceLocation,
        Links links,
        @Nullable JobProblem problem) {

    /** Absolute addresses. */
    record Links(String self, String result) {}

    static JobDocument of(JobSnapshot job, Links links) {
        JobRecord record = job.record();
        return new JobDocument(
                job.id(),
                job.type(),
                job.state().name(),
                status(job),
                record.version(),
                record.createdAt(),
                record.startedAt(),
                record.finishedAt(),
                job.progress(),
                record.cancelRequested(),
                status(job).equals("Succeeded") ? links.result() : null,
                links,
                job.problem().orElse(null));
    }

    private static String status(JobSnapshot job) {
        return switch (job.state()) {
            case SCHEDULED, QUEUED -> "NotStarted";
            case RUNNING -> "Running";
            case SUCCEEDED -> "Succeeded";
            case CANCELLED -> "Canceled";
            case FAILED, EXPIRED, LOST -> "Failed";
        };
    }
}
