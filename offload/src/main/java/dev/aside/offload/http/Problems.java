package dev.aside.offload.http;

import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes problem documents. Texts of exceptions stay out unless allowed: no exception's message gets here but through
 * {@link JobRecord#error()}. Immutable.
 */
final class Problems {
    private final String base;
    private final boolean exposeErrors;

    Problems(String base, boolean exposeErrors) {
        this.base = base;
        this.exposeErrors = exposeErrors;
    }

    Answer answer(JobRequest request, ProblemType type) {
        return answer(request, type, Headers.builder());
    }

    Answer answer(JobRequest request, ProblemType type, Duration retryAfter) {
        return answer(request, type, Headers.builder().set("Retry-After", Durations.retryAfter(retryAfter)));
    }

    private Answer answer(JobRequest request, ProblemType type, Headers.Builder headers) {
        return answer(request, type.status(), tree(type), headers);
    }

    /** A job that ended without a result, as the answer of its operation. */
    Answer answer(JobRequest request, JobRecord record, String instance) {
        Map<String, @Nullable Object> tree = tree(record);
        tree.put("instance", instance);
        return answer(request, effective(record).status(), tree, Headers.builder());
    }

    /** A problem that is not, or no longer, that of a job in the store. */
    Answer answer(JobRequest request, JobProblem problem) {
        return answer(request, problem.status(), tree(problem), Headers.builder());
    }

    private static Answer answer(
            JobRequest request, int status, Map<String, @Nullable Object> tree, Headers.Builder headers) {
        return Answer.document(
                status, headers.set("Cache-Control", "no-store"), MediaTypes.ofProblem(request.accept()), tree);
    }

    private Map<String, @Nullable Object> tree(ProblemType type) {
        return tree(new JobProblem(base + type.slug(), type.title(), type.status(), null, type.isRetryable()));
    }

    /** Why the job has no result; it has to have ended without one. */
    Map<String, @Nullable Object> tree(JobRecord record) {
        Map<String, @Nullable Object> tree = tree(effective(record));
        if (exposeErrors && !record.error().isEmpty()) {
            tree.putIfAbsent("detail", record.error());
        }
        return tree;
    }

    private Map<String, @Nullable Object> tree(JobProblem problem) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("type", rebased(problem.type()));
        tree.put("title", problem.title());
        tree.put("status", problem.status());
        if (problem.detail() != null && !problem.detail().isEmpty()) {
            tree.put("detail", problem.detail());
        }
        tree.put("retryable", problem.retryable());
        return tree;
    }

    private String rebased(String type) {
        return type.startsWith(JobProblem.BASE) ? base + type.substring(JobProblem.BASE.length()) : type;
    }

    /**
     * A job that will never have a result is gone (410) when it was cancelled or not started in time, and 500 when its
     * process was lost; a 503 there would make clients ask again for what cannot come.
     */
    private static JobProblem effective(JobRecord record) {
        JobProblem problem = record.problem();
        if (record.state() == JobState.CANCELLED) {
            return withStatus(problem == null ? JobProblem.cancelled(record.reason()) : problem, 410);
        }
        if (record.state() == JobState.EXPIRED) {
            return withStatus(problem == null ? JobProblem.expired() : problem, 410);
        }
        if (record.state() == JobState.LOST) {
            return withStatus(problem == null ? JobProblem.lost() : problem, 500);
        }
        return problem == null ? JobProblem.failed() : problem;
    }

    private static JobProblem withStatus(JobProblem problem, int status) {
        return new JobProblem(problem.type(), problem.title(), status, problem.detail(), problem.retryable());
    }
}
