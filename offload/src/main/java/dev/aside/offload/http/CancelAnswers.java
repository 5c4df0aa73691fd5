package dev.aside.offload.http;

import dev.aside.offload.job.JobState;
import dev.aside.offload.spi.CancelAnswer;

/** The answers to {@code DELETE} of a job. Immutable. */
final class CancelAnswers {
    private final Problems problems;
    private final Documents documents;

    CancelAnswers(Problems problems, Documents documents) {
        this.problems = problems;
        this.documents = documents;
    }

    Decision<CancelOrder> cancel(JobRequest request, JobView job) {
        EntityTags expected = request.ifMatch();
        if (expected.isMalformed()) {
            return new Decision.Answered<>(problems.answer(request, ProblemType.PRECONDITION_MALFORMED));
        }
        // RFC 9110, 13.2.1: conditions count only where the request would succeed without them
        boolean conditional = !expected.isAbsent() && (!job.isFinished() || job.is(JobState.CANCELLED));
        if (conditional && !expected.matchStrongly(job.entityTag())) {
            return new Decision.Answered<>(problems.answer(request, ProblemType.PRECONDITION_FAILED));
        }
        return job.isFinished()
                ? new Decision.Answered<>(finished(request, job))
                : new Decision.Next<>(new CancelOrder(job.id()));
    }

    Answer cancelled(JobRequest request, CancelAnswer met, JobView job, JobLinks links) {
        return switch (met) {
            case GONE -> problems.answer(request, ProblemType.JOB_NOT_FOUND);
            case TERMINAL -> finished(request, job);
            case CANCELLED, REQUESTED ->
                job.isFinished()
                        ? stopped(request, job, links)
                        : documents.accepted(Headers.builder(), request.accept(), job, links);
        };
    }

    /** It ended between the wish and this answer, as wished or by itself. */
    private Answer stopped(JobRequest request, JobView job, JobLinks links) {
        if (!job.is(JobState.CANCELLED)) {
            return finished(request, job);
        }
        Headers.Builder headers = Headers.builder().set("Cache-Control", "no-store");
        return documents.answer(200, headers, request.accept(), job, links);
    }

    private Answer finished(JobRequest request, JobView job) {
        return job.is(JobState.CANCELLED)
                ? Answer.empty(204, Headers.builder().set("Cache-Control", "no-store"))
                : problems.answer(request, ProblemType.JOB_ALREADY_FINISHED);
    }
}
