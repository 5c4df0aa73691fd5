package dev.aside.offload.http;

import dev.aside.offload.job.JobState;

/** Answers with what a job came to, as its operation would have answered. Immutable. */
final class Results {
    private final Problems problems;
    private final Documents documents;

    Results(Problems problems, Documents documents) {
        this.problems = problems;
        this.documents = documents;
    }

    /** The answer of {@code .../result}. */
    Answer answer(JobRequest request, JobView job, JobLinks links) {
        if (!job.isFinished()) {
            return documents.accepted(Headers.builder(), request.accept(), job, links);
        }
        Answer answer = finished(request, job, links);
        String tag = answer.headers().first("ETag").orElse("");
        boolean conditional = answer.status() < 300 && !tag.isEmpty();
        if (conditional && request.ifNoneMatch().matchWeakly(tag)) {
            return Answer.empty(
                    304, Headers.builder().set("ETag", tag).set("Cache-Control", PollAnswers.CACHE_CONTROL));
        }
        return answer;
    }

    /** The answer of a job that is over, conditions aside. */
    Answer finished(JobRequest request, JobView job, JobLinks links) {
        if (!job.is(JobState.SUCCEEDED)) {
            return problems.answer(request, job.record(), links.self());
        }
        if (job.isResultExpired()) {
            return problems.answer(request, ProblemType.RESULT_EXPIRED);
        }
        ResultHead head = job.result().replayed();
        Headers.Builder headers = head.headers().toBuilder().set("Cache-Control", PollAnswers.CACHE_CONTROL);
        if (head.isSuccess() && head.headers().first("ETag").isEmpty()) {
            headers.set("ETag", "\"" + job.record().version() + "-result\"");
        }
        return Answer.result(head.status(), headers);
    }
}
