package dev.aside.offload.http;

import dev.aside.offload.OnWaitTimeout;
import java.time.Duration;

/** The answers to a request that may start work. Immutable. */
final class StartAnswers {
    private static final String REPLAYED = "Idempotent-Replayed";

    private final Addresses addresses;
    private final Problems problems;
    private final Documents documents;
    private final Results results;
    private final boolean strictKeys;

    StartAnswers(Addresses addresses, Problems problems, Documents documents, Results results, boolean strictKeys) {
        this.addresses = addresses;
        this.problems = problems;
        this.documents = documents;
        this.results = results;
        this.strictKeys = strictKeys;
    }

    Decision<StartPlan> start(JobRequest request, StartRules rules) {
        String jobs = addresses.jobsOf(request);
        if (jobs == null) {
            return new Decision.Answered<>(problems.answer(request, ProblemType.HOST_REFUSED));
        }
        IdempotencyKey.Form key = request.idempotencyKey().form();
        if (rules.key() != KeyRule.IGNORED && key == IdempotencyKey.Form.MALFORMED) {
            return new Decision.Answered<>(problems.answer(request, ProblemType.IDEMPOTENCY_KEY_MALFORMED));
        }
        if (rules.key() == KeyRule.REQUIRED && key == IdempotencyKey.Form.ABSENT) {
            return new Decision.Answered<>(problems.answer(request, ProblemType.IDEMPOTENCY_KEY_MISSING));
        }
        return new Decision.Next<>(new StartPlan(request, jobs, rules));
    }

    Answer inline(StartPlan plan, ResultHead head, boolean replayed) {
        Headers.Builder headers = plan.headers(head.headers(), false);
        return Answer.result(head.status(), replayed ? headers.set(REPLAYED, "true") : headers);
    }

    static Answer asReplay(Answer answer) {
        Headers headers = answer.headers().toBuilder().set(REPLAYED, "true").build();
        return new Answer(answer.status(), headers, answer.body());
    }

    Answer accepted(StartPlan plan, JobView job) {
        return accepted(plan, plan.headers(Headers.NONE, true), job);
    }

    private Answer accepted(StartPlan plan, Headers.Builder headers, JobView job) {
        return documents.accepted(headers, plan.request.accept(), job, plan.links(job));
    }

    Answer replayed(StartPlan plan, JobView job) {
        if (job.isFinished() && plan.mode != PromotionMode.AT_ONCE) {
            Answer first = results.finished(plan.request, job, plan.links(job));
            Headers headers =
                    plan.headers(first.headers(), false).set(REPLAYED, "true").build();
            return new Answer(first.status(), headers, first.body());
        }
        // a client that is never to see a job cannot be sent to one
        if (!job.isFinished() && (strictKeys || plan.onWaitTimeout() == OnWaitTimeout.CANCEL)) {
            Duration pause = documents.pause(job);
            return problems.answer(plan.request, ProblemType.IDEMPOTENCY_KEY_IN_PROGRESS, pause);
        }
        return accepted(plan, plan.headers(Headers.NONE, true).set(REPLAYED, "true"), job);
    }
}
