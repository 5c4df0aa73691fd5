package dev.aside.offload;

import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.CancelAnswer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The handle of a job that may run anywhere: everything it knows comes from the store. */
final class StoredHandle<T extends @Nullable Object> implements JobHandle<T> {
    private final Engine engine;
    private final String id;
    private final String type;
    private final Class<?> resultType;

    StoredHandle(Engine engine, String id, String type, Class<?> resultType) {
        this.engine = engine;
        this.id = id;
        this.type = type;
        this.resultType = resultType;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public JobSnapshot status() {
        return Stages.join(Finds.snapshot(engine, id)).orElseThrow(() -> new JobNotFoundException(id));
    }

    @Override
    public boolean await(Duration timeout) throws InterruptedException {
        Guards.mayWait(() -> "await of job " + id, engine);
        long deadline = engine.time.nanoTime() + timeout.toNanos();
        CompletableFuture<Optional<JobRecord>> end =
                engine.watches.await(id, record -> record.state().isTerminal(), deadline);
        Thread waiting = Thread.currentThread();
        CompletionStage<?> ended = end;
        ended.whenComplete((record, failure) -> LockSupport.unpark(waiting));
        while (!end.isDone()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting for job " + id);
            }
            engine.time.parkUntil(this, Long.MAX_VALUE / 2 + engine.time.nanoTime());
        }
        return Stages.join(end)
                .orElseThrow(() -> new JobNotFoundException(id))
                .state()
                .isTerminal();
    }

    @Override
    public T result() {
        return result(status());
    }

    private T result(JobSnapshot status) {
        if (!status.isFinished()) {
            throw new IllegalStateException("job " + id + " is not over. Hint: await it, or use completion().");
        }
        if (status.state() != JobState.SUCCEEDED) {
            throw new JobFailedException(id, problemOf(status.record()), null);
        }
        return read(status.resultPayload().orElseThrow(() -> new JobNotFoundException(id)));
    }

    static JobProblem problemOf(JobRecord record) {
        JobProblem problem = record.problem();
        return problem == null ? JobProblem.failed() : problem;
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // the type is what the job was declared with
    T read(Payload payload) {
        return (T) engine.values.read(type, 0, payload, resultType);
    }

    @Override
    public CompletionStage<T> completion() {
        CompletableFuture<T> completion = new CompletableFuture<>();
        long never = engine.time.nanoTime() + Long.MAX_VALUE / 2;
        CompletionStage<Optional<JobSnapshot>> end = engine.watches
                .await(id, record -> record.state().isTerminal(), never)
                .thenCompose(record -> Finds.snapshot(engine, id));
        end.whenComplete((status, failure) -> {
            try {
                if (failure != null) {
                    completion.completeExceptionally(
                            failure instanceof CompletionException && failure.getCause() != null
                                    ? failure.getCause()
                                    : failure);
                } else {
                    completion.complete(result(status.orElseThrow(() -> new JobNotFoundException(id))));
                }
            } catch (RuntimeException e) {
                completion.completeExceptionally(e);
            }
        });
        return completion;
    }

    @Override
    public CancelAnswer cancel(String reason) {
        return Stages.join(engine.store.cancel(id, Texts.cut(reason)));
    }

    @Override
    public String toString() {
        return "JobHandle[" + id + " " + type + "]";
    }
}
