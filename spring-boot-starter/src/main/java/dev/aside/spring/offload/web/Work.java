package dev.aside.spring.offload.web;

import dev.aside.offload.JobContext;
import dev.aside.offload.job.JobProblem;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * What a worker does for one request: calls the handler and renders what it gave, or what became of its exception. May be
 * run again after a failed attempt.
 */
final class Work {
    private final HandlerPlan plan;
    private final @Nullable Object[] arguments;
    private final RequestSnapshot request;
    private final ExceptionRenderer exceptions;
    private volatile @Nullable Failure failure;

    Work(HandlerPlan plan, @Nullable Object[] arguments, RequestSnapshot request, ExceptionRenderer exceptions) {
        this.plan = plan;
        this.arguments = arguments;
        this.request = request;
        this.exceptions = exceptions;
    }

    RequestSnapshot request() {
        return request;
    }

    /** What the application answers to this exception; null if it knows none, or the exception is not the handler's. */
    @Nullable RecordedResponse failure(Throwable thrown) {
        Failure last = failure;
        return last != null && last.thrown == thrown ? last.answer : null;
    }

    private record Failure(Throwable thrown, RecordedResponse answer) {}

    /** The work of a handler that returns its result. */
    StoredResponse run(JobContext context) throws Exception {
        return bound(response -> {
            try {
                return render(WorkerCall.of(plan, LateContext.filled(arguments, context)), response);
            } catch (Exception | Error thrown) {
                return failed(thrown, context);
            }
        });
    }

    /** The work of a handler that returns a stage. */
    CompletionStage<StoredResponse> start(JobContext context) throws Exception {
        return bound(response -> {
            Object stage;
            try {
                WorkerCall call = WorkerCall.of(plan, LateContext.filled(arguments, context));
                stage = call.invokeForRequest(new ServletWebRequest(request, response), new ModelAndViewContainer());
            } catch (Exception | Error thrown) {
                return CompletableFuture.completedFuture(failed(thrown, context));
            }
            return stage == null
                    ? CompletableFuture.completedFuture(promised(null, null, context))
                    : rendered((CompletionStage<?>) stage, context);
        });
    }

    private CompletionStage<StoredResponse> rendered(CompletionStage<?> stage, JobContext context) {
        CompletableFuture<StoredResponse> rendered = new CompletableFuture<>();
        stage.whenComplete((value, thrown) -> {
            try {
                rendered.complete(promised(value, thrown, context));
            } catch (Exception | Error e) { // whatever it is, it belongs to the caller
                rendered.completeExceptionally(e);
            }
        });
        return rendered;
    }

    private StoredResponse promised(@Nullable Object value, @Nullable Throwable thrown, JobContext context)
            throws Exception {
        return bound(response -> {
            if (thrown != null) {
                boolean wrapped = thrown instanceof CompletionException && thrown.getCause() != null;
                return failed(wrapped ? Objects.requireNonNull(thrown.getCause()) : thrown, context);
            }
            try {
                return render(WorkerCall.ofPromised(plan, value), response);
            } catch (Exception | Error e) {
                return failed(e, context);
            }
        });
    }

    private StoredResponse render(WorkerCall call, RecordedResponse response) throws Exception {
        ModelAndViewContainer container = new ModelAndViewContainer();
        call.invokeAndHandle(new ServletWebRequest(request, response), container);
        if (!container.isRequestHandled()) {
            throw new IllegalStateException("an offloaded handler returned a view, which cannot be kept."
                    + " Hint: @ResponseBody, or @RestController.");
        }
        return response.toStored();
    }

    /** The answer of whoever handles the exception, if that is a success; else clients are told by the exception. */
    private StoredResponse failed(Throwable thrown, JobContext context) throws Exception {
        if (!context.isCancelled()) {
            RecordedResponse answer = exceptions.render(request, plan.handler(), thrown);
            if (answer != null && answer.getStatus() < 400 && !answer.isError()) {
                return answer.toStored();
            }
            if (answer != null) {
                failure = new Failure(thrown, answer);
                context.problem(FailureProblem.of(answer));
            } else {
                JobProblem refused = FailureProblem.ofSecurity(thrown);
                if (refused != null) {
                    context.problem(refused);
                }
            }
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (Exception) thrown;
    }

    /** Part of the work. */
    private interface Step<T> {
        T take(RecordedResponse response) throws Exception;
    }

    /** Has the request at hand for whoever asks the thread for it, and a new response. */
    private <T> T bound(Step<T> step) throws Exception {
        RecordedResponse response = new RecordedResponse();
        ServletRequestAttributes attributes = new ServletRequestAttributes(request, response);
        RequestAttributes before = RequestContextHolder.getRequestAttributes();
        RequestContextHolder.setRequestAttributes(attributes);
        try {
            return step.take(response);
        } finally {
            attributes.requestCompleted();
            RequestContextHolder.setRequestAttributes(before);
        }
    }
}
