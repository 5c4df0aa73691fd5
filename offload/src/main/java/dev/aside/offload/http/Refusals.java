package dev.aside.offload.http;

import dev.aside.offload.BacklogFullException;
import dev.aside.offload.ExecutorClosedException;
import dev.aside.offload.IdempotencyKeyReusedException;
import dev.aside.offload.JobCancelledException;
import dev.aside.offload.JobFailedException;
import dev.aside.offload.JobNotFoundException;
import dev.aside.offload.JobStoreException;
import dev.aside.offload.JobTimeoutException;
import dev.aside.offload.OffloadException;
import dev.aside.offload.WaitExceededException;
import dev.aside.offload.job.JobProblem;
import java.time.Duration;

/** Answers to what the executor throws on its own account; by its kind, never by its text. Immutable. */
final class Refusals {
    private static final JobProblem TIMEOUT = withoutDetail(JobProblem.timeout(""));

    private final Problems problems;
    private final Duration retryAfter;

    Refusals(Problems problems, Duration retryAfter) {
        this.problems = problems;
        this.retryAfter = retryAfter;
    }

    Answer answer(JobRequest request, OffloadException thrown) {
        if (thrown instanceof BacklogFullException full) {
            return problems.answer(request, ProblemType.QUEUE_FULL, full.retryAfter());
        }
        if (thrown instanceof JobFailedException failed) {
            Answer answer = problems.answer(request, failed.problem());
            // a call with a key fails with this only if an earlier one did
            return request.idempotencyKey().form() == IdempotencyKey.Form.PRESENT
                    ? StartAnswers.asReplay(answer)
                    : answer;
        }
        if (thrown instanceof JobCancelledException) {
            return problems.answer(request, JobProblem.cancelled(""));
        }
        if (thrown instanceof IdempotencyKeyReusedException) {
            return problems.answer(request, ProblemType.IDEMPOTENCY_KEY_REUSED);
        }
        if (thrown instanceof JobTimeoutException) {
            return problems.answer(request, TIMEOUT);
        }
        if (thrown instanceof JobNotFoundException) {
            return problems.answer(request, ProblemType.JOB_NOT_FOUND);
        }
        if (thrown instanceof WaitExceededException) {
            return problems.answer(request, ProblemType.WAIT_EXCEEDED, retryAfter);
        }
        if (thrown instanceof JobStoreException) {
            return problems.answer(request, ProblemType.STORE_UNAVAILABLE, retryAfter);
        }
        if (thrown instanceof ExecutorClosedException) {
            return problems.answer(request, ProblemType.SHUTTING_DOWN, retryAfter);
        }
        return problems.answer(request, ProblemType.INTERNAL_ERROR);
    }

    private static JobProblem withoutDetail(JobProblem problem) {
        return new JobProblem(problem.type(), problem.title(), problem.status(), null, problem.retryable());
    }
}
