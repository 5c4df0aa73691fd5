package dev.aside.spring.offload.web;

import dev.aside.offload.JobSnapshot;
import dev.aside.offload.OffloadException;
import dev.aside.offload.http.Answer;
import dev.aside.offload.http.HttpContract;
import dev.aside.offload.http.JobRequest;
import dev.aside.offload.http.JobView;
import dev.aside.offload.http.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.context.request.async.DeferredResult;

/** What the addresses of jobs answer. No thread waits. Thread-safe; made known to Spring by {@link JobMappings}. */
final class JobAddresses {
    /** Longer than any poll is held. */
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final JobFinder jobs;
    private final Contracts contracts;
    private final ResultWriter results;
    private final EventThreads events;

    JobAddresses(JobFinder jobs, Contracts contracts, ResultWriter results, EventThreads events) {
        this.jobs = jobs;
        this.contracts = contracts;
        this.results = results;
        this.events = events;
    }

    /** {@code GET} of a job. */
    public DeferredResult<Object> job(HttpServletRequest request, @PathVariable("id") String id) {
        return answer(request, id, (asked, found) -> {
            HttpContract contract = contracts.of(found.type());
            FoundJob job = stored(found);
            return contract.poll(asked, job.view())
                    .fold(
                            answer -> done(Served.of(answer, job.body())),
                            hold -> jobs.offload()
                                    .awaitChange(id, hold.version(), hold.atMost())
                                    .thenApply(later -> later.map(this::stored)
                                            .map(change ->
                                                    Served.of(contract.polled(asked, change.view()), change.body()))
                                            .orElseGet(() -> Served.of(contract.notFound(asked)))));
        });
    }

    /** {@code GET} of a job's result. */
    public DeferredResult<Object> result(HttpServletRequest request, @PathVariable("id") String id) {
        return answer(request, id, (asked, found) -> {
            FoundJob job = stored(found);
            return done(Served.of(contracts.of(found.type()).result(asked, job.view()), job.body()));
        });
    }

    /** {@code DELETE} of a job. */
    public DeferredResult<Object> cancel(HttpServletRequest request, @PathVariable("id") String id) {
        return answer(request, id, (asked, found) -> {
            HttpContract contract = contracts.of(found.type());
            JobView before = JobView.of(found);
            return contract.cancel(asked, before)
                    .fold(
                            answer -> done(Served.of(answer)),
                            order -> jobs.offload()
                                    .cancelAsync(order.jobId(), "by its owner")
                                    .thenCompose(met -> jobs.offload()
                                            .findAsync(id)
                                            .thenApply(after -> {
                                                JobView now =
                                                        after.map(JobView::of).orElse(before);
                                                return Served.of(contract.cancelled(asked, met, now));
                                            })));
        });
    }

    /** {@code GET} of a job's events. */
    public DeferredResult<Object> events(HttpServletRequest request, @PathVariable("id") String id) {
        return answer(
                request,
                id,
                (asked, found) -> done(contracts
                        .of(found.type())
                        .events(asked, JobView.of(found))
                        .<Object>fold(Served::of, stream -> new EventFeed(jobs.offload(), id, stream, events))));
    }

    private FoundJob stored(JobSnapshot found) {
        return FoundJob.of(found, results::write);
    }

    private static CompletionStage<Object> done(Object answer) {
        return CompletableFuture.completedStage(answer);
    }

    /** What is answered once the job is there. */
    private interface OfJob {
        CompletionStage<?> answer(JobRequest asked, JobSnapshot found);
    }

    private DeferredResult<Object> answer(HttpServletRequest request, String id, OfJob ofJob) {
        JobRequest asked = JobRequests.of(request);
        HttpContract contract = contracts.standard();
        DeferredResult<Object> result = new DeferredResult<>(TIMEOUT.toMillis());
        result.onTimeout(() -> result.setResult(
                Served.of(contract.problem(asked, ProblemType.STORE_UNAVAILABLE, Duration.ofSeconds(1)))));
        Function<Optional<JobSnapshot>, CompletionStage<Object>> answer = found -> found.isEmpty()
                ? done(Served.of(contract.notFound(asked)))
                : ofJob.answer(asked, found.get()).thenApply(Function.identity());
        jobs.find(request, id)
                .thenCompose(answer)
                .whenComplete((answered, thrown) ->
                        result.setResult(thrown == null ? answered : Served.of(failed(contract, asked, thrown))));
        return result;
    }

    private static Answer failed(HttpContract contract, JobRequest asked, Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return cause instanceof OffloadException refused
                ? contract.refused(asked, refused)
                : contract.problem(asked, ProblemType.STORE_UNAVAILABLE, Duration.ofSeconds(1));
    }
}
