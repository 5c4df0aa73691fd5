package dev.aside.offload.http;

import dev.aside.offload.job.JobKind;
import dev.aside.offload.job.JobProgress;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The status document of a job. Members that are always there come with null when there is nothing to say; the others
 * come when they apply.
 */
final class StatusDocument {
    private StatusDocument() {}

    static Map<String, @Nullable Object> of(JobView job, JobLinks links, Duration retryAfter, Problems problems) {
        JobRecord record = job.record();
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("id", record.id());
        document.put("type", record.type());
        document.put("state", record.state().name());
        document.put("status", statusOf(record));
        document.put("version", record.version());
        putTimes(document, record);
        document.put("attempt", record.attempts());
        if (job.maxAttempts() > 0) {
            document.put("maxAttempts", job.maxAttempts());
        }
        document.put("durability", record.kind() == JobKind.NAMED ? "durable" : "local");
        document.put("progress", progress(record.progress()));
        document.put("cancelRequested", record.cancelRequested());
        if (record.detached()) {
            document.put("detached", true);
        }
        if (!job.isFinished()) {
            document.put("retryAfterMs", retryAfter.toMillis());
        }
        if (job.is(JobState.SUCCEEDED)) {
            document.put("resultExpired", job.isResultExpired());
            document.put("resourceLocation", links.result());
        }
        document.put("links", links(links));
        document.put("problem", job.isFinished() && !job.is(JobState.SUCCEEDED) ? problems.tree(record) : null);
        return document;
    }

    /**
     * The state in the words that pollers of long-running operations know; every other word is polled for ever. A job
     * between two attempts has started.
     */
    private static String statusOf(JobRecord record) {
        return switch (record.state()) {
            case SCHEDULED, QUEUED -> record.attempts() > 0 ? "Running" : "NotStarted";
            case RUNNING -> "Running";
            case SUCCEEDED -> "Succeeded";
            case CANCELLED -> "Canceled";
            case FAILED, LOST, EXPIRED -> "Failed";
        };
    }

    private static void putTimes(Map<String, @Nullable Object> document, JobRecord record) {
        document.put("createdAt", text(record.createdAt()));
        document.put("startedAt", text(record.startedAt()));
        if (record.finishedAt() != null) {
            document.put("finishedAt", text(record.finishedAt()));
        }
        if (record.dueAt() != null && record.state() == JobState.SCHEDULED) {
            document.put("dueAt", text(record.dueAt()));
        }
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static Map<String, @Nullable Object> progress(JobProgress progress) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("done", progress.done());
        members.put("total", progress.total() > 0 ? progress.total() : null);
        members.put("message", progress.message());
        return members;
    }

    private static Map<String, @Nullable Object> links(JobLinks links) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("self", links.self());
        members.put("result", links.result());
        members.put("events", links.events());
        return members;
    }
}
