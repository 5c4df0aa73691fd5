package dev.aside.spring.offload.web;

import dev.aside.offload.CallOptions;
import dev.aside.offload.JobHandle;
import dev.aside.offload.OffloadException;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.Outcome;
import dev.aside.offload.http.Answer;
import dev.aside.offload.http.HttpContract;
import dev.aside.offload.http.JobRequest;
import dev.aside.offload.http.ProblemType;
import dev.aside.offload.http.StartPlan;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * Starts the work of requests whose arguments are read, and answers them when it is done or has become a job. No thread
 * waits. Thread-safe.
 */
final class Starts {
    /** Should neither executor nor store ever answer. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final OffloadExecutor offload;
    private final Callers callers;
    private final Uploads uploads;
    private final EndpointLookup endpoints;
    private final ExceptionRenderer exceptions;

    Starts(
            OffloadExecutor offload,
            Callers callers,
            Uploads uploads,
            EndpointLookup endpoints,
            ExceptionRenderer exceptions) {
        this.offload = offload;
        this.callers = callers;
        this.uploads = uploads;
        this.endpoints = endpoints;
        this.exceptions = exceptions;
    }

    void start(
            ServletWebRequest web, ModelAndViewContainer container, HandlerPlan handler, @Nullable Object[] arguments)
            throws Exception {
        HttpServletRequest request = web.getRequest();
        Endpoint endpoint = Objects.requireNonNull(endpoints.find(handler.handler()));
        JobRequest asked = JobRequests.of(request);
        Asked call = new Asked(endpoint, asked, request);
        Answer refusal = endpoint.contract().start(asked, endpoint.rules()).fold(answer -> answer, plan -> {
            call.plan = plan;
            return null;
        });
        if (refusal != null) {
            Served.of(refusal)
                    .writeTo(request, Objects.requireNonNull(web.getNativeResponse(HttpServletResponse.class)));
            return;
        }
        if (!request.isAsyncSupported()) {
            throw new IllegalStateException("this request cannot be answered later, as offloaded work wants it."
                    + " Hint: set asyncSupported on every filter and servlet it passes.");
        }
        DeferredResult<Object> result = new DeferredResult<>(timeout(endpoint, call.plan()));
        result.onTimeout(() -> result.setResult(
                Served.of(endpoint.contract().problem(asked, ProblemType.STORE_UNAVAILABLE, Duration.ofSeconds(1)))));
        Uploads.Kept kept = uploads.keep(arguments);
        Work work = new Work(handler, kept.arguments(), new RequestSnapshot(request), exceptions);
        dispatch(call, work, options(call, kept))
                .handle((outcome, thrown) -> answer(call, work, outcome, thrown))
                .thenCompose(Function.identity())
                .whenComplete((served, failure) -> {
                    if (failure == null) {
                        result.setResult(served);
                    } else {
                        result.setErrorResult(unwrapped(failure));
                    }
                });
        WebAsyncUtils.getAsyncManager(request).startDeferredResultProcessing(result, container);
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    /** A request that is to be answered. */
    private static final class Asked {
        private final Endpoint endpoint;
        private final JobRequest request;
        private final HttpServletRequest live;
        private @Nullable StartPlan plan;

        Asked(Endpoint endpoint, JobRequest request, HttpServletRequest live) {
            this.endpoint = endpoint;
            this.request = request;
            this.live = live;
        }

        StartPlan plan() {
            return Objects.requireNonNull(plan);
        }

        HttpContract contract() {
            return endpoint.contract();
        }
    }

    private static long timeout(Endpoint endpoint, StartPlan plan) {
        return plan.threshold().plus(endpoint.rules().maxWait()).plus(GRACE).toMillis();
    }

    private CallOptions options(Asked call, Uploads.Kept kept) throws IOException {
        StartPlan plan = call.plan();
        CallOptions.Builder options = CallOptions.builder()
                .threshold(plan.threshold())
                .onWaitTimeout(plan.onWaitTimeout())
                .replayAs(StoredResponse.class)
                .estimatedBytes(4_096 + kept.bytes() + Math.max(0, call.live.getContentLengthLong()));
        String route = call.live.getMethod() + " " + call.live.getRequestURI();
        Optional<String> key = plan.idempotencyKey(callers.owner(call.live), route);
        if (key.isPresent()) {
            options.idempotencyKey(key.get(), Fingerprint.of(call.live, kept));
        }
        return options.build();
    }

    private CompletionStage<Outcome<StoredResponse>> dispatch(Asked call, Work work, CallOptions options) {
        String type = call.endpoint.type();
        return call.endpoint.isAsync()
                ? offload.callAsync(type, options, work::start)
                : offload.dispatch(type, options, work::run);
    }

    /** Completes with what is to be sent, or with what is to be thrown. */
    private CompletionStage<Served> answer(
            Asked call, Work work, @Nullable Outcome<StoredResponse> outcome, @Nullable Throwable thrown) {
        if (outcome == null) {
            return failed(call, work, Objects.requireNonNull(thrown));
        }
        return outcome.fold(
                done -> CompletableFuture.completedStage(
                        Served.of(call.contract().inline(call.plan(), done.head(), outcome.replayed()), done.body())),
                job -> promoted(call, job, outcome.replayed()));
    }

    private CompletionStage<Served> promoted(Asked call, JobHandle<StoredResponse> job, boolean replayed) {
        return offload.findAsync(job.id()).thenApply(found -> {
            if (found.isEmpty()) {
                return Served.of(call.contract().notFound(call.request));
            }
            FoundJob stored = FoundJob.of(found.get());
            return replayed
                    ? Served.of(call.contract().replayed(call.plan(), stored.view()), stored.body())
                    : Served.of(call.contract().accepted(call.plan(), stored.view()));
        });
    }

    private static CompletionStage<Served> failed(Asked call, Work work, Throwable thrown) {
        RecordedResponse rendered = work.failure(thrown);
        if (rendered != null) {
            StoredResponse stored = rendered.toStored();
            Answer answer = call.contract().inline(call.plan(), stored.head());
            return CompletableFuture.completedStage(
                    rendered.isError()
                            ? Served.error(
                                    answer, rendered.error(), work.request().attributes())
                            : Served.of(answer, stored.body()));
        }
        return thrown instanceof OffloadException refused
                ? CompletableFuture.completedStage(Served.of(call.contract().refused(call.request, refused)))
                : CompletableFuture.failedStage(thrown);
    }
}
