package dev.aside.offload.http;

import dev.aside.offload.OffloadException;
import dev.aside.offload.spi.CancelAnswer;
import java.time.Duration;
import java.util.function.Function;

/**
 * The answers of endpoints that start work, and of the addresses of jobs: pure functions of a request, a job and the
 * options. Nothing a request says makes them throw. Immutable, thread-safe.
 *
 * <p>Who may see a job is the caller's business: for a job that is not this client's, answer {@link #notFound} as for
 * one that does not exist.
 */
public final class HttpContract {
    private final Addresses addresses;
    private final Problems problems;
    private final Results results;
    private final StartAnswers starts;
    private final PollAnswers polls;
    private final CancelAnswers cancels;
    private final EventAnswers events;
    private final Refusals refusals;

    HttpContract(HttpContractBuilder b, Addresses addresses) {
        this.addresses = addresses;
        problems = new Problems(b.problemBase, b.exposeErrors);
        Documents documents = new Documents(problems, b.retryAfter, b.maxRetryAfter);
        results = new Results(problems, documents);
        starts = new StartAnswers(addresses, problems, documents, results, b.strictKeys);
        polls = new PollAnswers(documents, results, b.profile, b.maxPollWait);
        cancels = new CancelAnswers(problems, documents);
        events = new EventAnswers(documents, b.heartbeat, b.retryAfter);
        refusals = new Refusals(problems, b.retryAfter);
    }

    /** Starts with the defaults; the base URL, or the wish to take it from requests, is the one thing to be said. */
    public static HttpContractBuilder builder() {
        return new HttpContractBuilder();
    }

    /**
     * A request that may start work, once it is authenticated, authorised and valid.
     *
     * @return how to serve it, or why not: 400
     */
    public Decision<StartPlan> start(JobRequest request, StartRules rules) {
        return starts.start(request, rules);
    }

    /** The work was done in time: the operation's own answer, with what the contract adds to its headers. */
    public Answer inline(StartPlan plan, ResultHead head) {
        return inline(plan, head, false);
    }

    /**
     * {@link #inline(StartPlan, ResultHead)}, which also says whether the answer is that of an earlier request with the
     * same idempotency key.
     *
     * @param replayed as {@link dev.aside.offload.Outcome#replayed()} says
     */
    public Answer inline(StartPlan plan, ResultHead head, boolean replayed) {
        return starts.inline(plan, head, replayed);
    }

    /** The work goes on as a job: 202. */
    public Answer accepted(StartPlan plan, JobView job) {
        return starts.accepted(plan, job);
    }

    /**
     * The idempotency key belongs to an earlier request with the same payload: its answer again, or 202 to its job, or
     * 409 while it runs if keys are strict or this client may not get a job.
     */
    public Answer replayed(StartPlan plan, JobView job) {
        return starts.replayed(plan, job);
    }

    /** The executor refused the work, or ended it for its own reasons: 404, 410, 422, 500 or 503. */
    public Answer refused(JobRequest request, OffloadException thrown) {
        return refusals.answer(request, thrown);
    }

    /**
     * {@code GET} of a job.
     *
     * @return the answer, or how long to hold it; after the hold, {@link #polled} has the answer
     */
    public Decision<Hold> poll(JobRequest request, JobView job) {
        Duration hold = polls.hold(request, job);
        return hold.isZero() || addresses.jobsOf(request) == null
                ? new Decision.Answered<>(polled(request, job))
                : new Decision.Next<>(new Hold(job.record().version(), hold));
    }

    /** {@code GET} of a job, without holding it: 200, 202, 303, 304, or the result. */
    public Answer polled(JobRequest request, JobView job) {
        return answer(request, job, links -> polls.answer(request, job, links));
    }

    /** {@code GET} of a job's result: the operation's own answer, or 202 while there is none, or 410 or 500. */
    public Answer result(JobRequest request, JobView job) {
        return answer(request, job, links -> results.answer(request, job, links));
    }

    /**
     * {@code DELETE} of a job.
     *
     * @return that it is to be cancelled, after which {@link #cancelled} has the answer; or 204, 400, 409, 412
     */
    public Decision<CancelOrder> cancel(JobRequest request, JobView job) {
        return addresses.jobsOf(request) == null
                ? new Decision.Answered<>(problems.answer(request, ProblemType.HOST_REFUSED))
                : cancels.cancel(request, job);
    }

    /**
     * A job was asked to stop: 200 if it has, 202 if it will, 204, 404 or 409 if it was over or gone.
     *
     * @param met what the wish met
     * @param job as it stands after the wish; if it is gone, as it was before
     */
    public Answer cancelled(JobRequest request, CancelAnswer met, JobView job) {
        return answer(request, job, links -> cancels.cancelled(request, met, job, links));
    }

    /**
     * {@code GET} of a job's events.
     *
     * @return the stream, or 204 if the reader has seen the last event, or 400
     */
    public Decision<EventStream> events(JobRequest request, JobView job) {
        String jobs = addresses.jobsOf(request);
        return jobs == null
                ? new Decision.Answered<>(problems.answer(request, ProblemType.HOST_REFUSED))
                : events.events(request, job, jobs);
    }

    /** No such job, or not this client's: 404, the same for both. */
    public Answer notFound(JobRequest request) {
        return problem(request, ProblemType.JOB_NOT_FOUND);
    }

    /** A problem. */
    public Answer problem(JobRequest request, ProblemType type) {
        return problems.answer(request, type);
    }

    /**
     * A problem that passes.
     *
     * @param retryAfter when; any length, sent as whole seconds from 1 s to one day
     */
    public Answer problem(JobRequest request, ProblemType type, Duration retryAfter) {
        return problems.answer(request, type, retryAfter);
    }

    private Answer answer(JobRequest request, JobView job, Function<JobLinks, Answer> answer) {
        String jobs = addresses.jobsOf(request);
        return jobs == null
                ? problems.answer(request, ProblemType.HOST_REFUSED)
                : answer.apply(JobLinks.of(jobs, job.id()));
    }
}
