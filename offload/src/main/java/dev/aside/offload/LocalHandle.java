package dev.aside.offload;

import dev.aside.offload.job.JobProblem;
import dev.aside.offload.spi.CancelAnswer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The handle of a job that runs in this process: it knows the end, with the exception, without asking the store. */
final class LocalHandle<T extends @Nullable Object> implements JobHandle<T> {
    private final Execution<T> execution;

    LocalHandle(Execution<T> execution) {
        this.execution = execution;
    }

    @Override
    public String id() {
        return execution.id();
    }

    @Override
    public String type() {
        return execution.lane.type;
    }

    @Override
    public JobSnapshot status() {
        return Stages.join(Finds.snapshot(execution.engine, id())).orElseThrow(() -> new JobNotFoundException(id()));
    }

    @Override
    public boolean await(Duration timeout) throws InterruptedException {
        if (execution.waiters.isOver()) {
            return true;
        }
        Guards.mayWait(() -> "await of job " + id(), execution.engine);
        long deadline = execution.engine.time.nanoTime() + timeout.toNanos();
        Waiters.Node node = execution.waiters.addCurrentThread();
        try {
            while (!execution.waiters.isOver()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while waiting for job " + id());
                }
                if (execution.engine.time.nanoTime() - deadline >= 0) {
                    return false;
                }
                execution.engine.time.parkUntil(execution, deadline);
            }
            return true;
        } finally {
            node.drop();
        }
    }

    @Override
    @SuppressWarnings("NullAway") // a success carries what the task returned, and T says whether that may be null
    public T result() {
        End<T> end = execution.ending();
        if (end == null) {
            throw new IllegalStateException("job " + id() + " is not over. Hint: await it, or use completion().");
        }
        JobProblem problem = end.problem;
        if (problem == null) {
            return end.value;
        }
        throw new JobFailedException(id(), problem, end.thrown);
    }

    @Override
    public CompletionStage<T> completion() {
        CompletableFuture<T> completion = new CompletableFuture<>();
        execution.waiters.add(() -> execution.engine.callbacks.execute(() -> {
            try {
                completion.complete(result());
            } catch (JobFailedException e) {
                completion.completeExceptionally(e);
            }
        }));
        return completion;
    }

    @Override
    public CancelAnswer cancel(String reason) {
        return Stages.join(execution.engine.store.cancel(id(), Texts.cut(reason)));
    }

    @Override
    public String toString() {
        return "JobHandle[" + id() + " " + type() + "]";
    }
}
