package dev.aside.offload;

import dev.aside.offload.job.JobKind;
import dev.aside.offload.job.JobPriority;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.spi.Admission;
import dev.aside.offload.spi.ContextCarrier;
import dev.aside.offload.spi.Submission;
import dev.aside.offload.spi.WriteAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Named jobs: a registered type and a payload, done by whichever process has a handler and a free permit; at least once,
 * so a handler has to bear being called again. Thread-safe.
 */
public final class Jobs {
    private static final Duration FULL_RETRY = Duration.ofSeconds(1);

    private final Engine engine;

    Jobs(Engine engine) {
        this.engine = engine;
    }

    /**
     * Lets this process do jobs of a type, from now on until the executor is closed.
     *
     * @throws IllegalStateException if the type has a handler already
     * @throws IllegalArgumentException if the codec cannot bring older payloads of the type up to its version
     */
    public <P, R extends @Nullable Object> void handle(JobType<P, R> type, NamedTask<P, R> handler) {
        engine.claimer.handle(type, Objects.requireNonNull(handler, "handler"));
    }

    /** {@link #enqueue(JobType, Object, EnqueueOptions)} with nothing particular. */
    public <P, R> JobHandle<R> enqueue(JobType<P, R> type, P payload) {
        return enqueue(type, payload, EnqueueOptions.none());
    }

    /**
     * Stores a job to be done. When this returns, every process that shares the store can find it.
     *
     * @throws BacklogFullException if too many of its type wait
     * @throws IdempotencyKeyReusedException if its idempotency key came with another fingerprint before
     * @throws IllegalArgumentException if the payload cannot be encoded or is larger than the store takes
     * @throws JobStoreException if the store fails; whether the job is stored is unknown then
     */
    public <P, R> JobHandle<R> enqueue(JobType<P, R> type, P payload, EnqueueOptions options) {
        Guards.mayBlock(() -> "enqueue of a job of type '" + type.name() + "'", engine);
        return Stages.join(enqueueAsync(type, payload, options));
    }

    /** {@link #enqueue(JobType, Object, EnqueueOptions)} without a waiting thread; the stage fails as it throws. */
    public <P, R> CompletionStage<JobHandle<R>> enqueueAsync(JobType<P, R> type, P payload, EnqueueOptions options) {
        Objects.requireNonNull(payload, "payload");
        TypeLane lane = engine.types.lane(type.name());
        Submission submission;
        try {
            submission = new Submission(
                    record(lane, type, options),
                    engine.values.writePayload(type, payload),
                    options.delay,
                    lane.options.maxBacklog(),
                    options.key);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedStage(e);
        }
        return Stages.unwrapped(engine.store.submit(submission).thenApply(admission -> admitted(type, admission)));
    }

    private JobRecord record(TypeLane lane, JobType<?, ?> type, EnqueueOptions options) {
        ContextCarrier.Captured context = engine.contexts.capture();
        JobPriority priority = options.priority == null ? lane.options.priority() : options.priority;
        Instant now = engine.time.instant();
        return JobRecord.builder(engine.newId(type.name(), options.key), type.name())
                .kind(JobKind.NAMED)
                .typeVersion(type.version())
                .priority(priority)
                .createdAt(now)
                .expiresAt(
                        options.startWithin == null
                                ? null
                                : now.plus(options.delay).plus(options.startWithin))
                .context(context == null ? Map.of() : context.export())
                .build();
    }

    private <P, R> JobHandle<R> admitted(JobType<P, R> type, Admission admission) {
        switch (admission.answer()) {
            case FULL -> throw new BacklogFullException(type.name(), -1, FULL_RETRY);
            case KEY_REUSED -> throw new IdempotencyKeyReusedException(type.name());
            case TOO_LARGE -> throw Values.tooLarge(type.name());
            case ACCEPTED -> {
                if (engine.events.areHeard()) {
                    engine.events.tell(new OffloadEvent.Enqueued(type.name(), admission.jobId()));
                }
            }
            case DUPLICATE -> {}
        }
        return new StoredHandle<>(engine, admission.jobId(), type.name(), type.resultType());
    }

    /** {@link #call(JobType, Object, CallOptions)} with nothing particular. */
    public <P, R> Outcome<R> call(JobType<P, R> type, P payload) throws Exception {
        return call(type, payload, CallOptions.none());
    }

    /**
     * Runs this process's handler of the type and waits for it, at most the threshold, as {@link OffloadExecutor#call}
     * does with a closure. Done in time: nothing is stored. Else the work becomes a named job that this process goes on
     * with; should the process die, or an attempt fail after that, any process with a handler does it again, as if it had
     * been enqueued. An attempt that fails within the threshold is tried again here, as its type says.
     *
     * @param payload given to the handler as it is, and stored if the call becomes a job: it must not change
     * @return {@link Outcome.Done} with the result, or {@link Outcome.Promoted} with a job that can be found already
     * @throws Exception what the handler threw within the threshold, the same object
     * @throws IllegalStateException if the type has no handler in this process, or this is called inside work of the
     *     same executor
     * @throws IllegalArgumentException if the handler was registered for another payload, result or version; or if the
     *     call has an idempotency key and its payload cannot be encoded or is larger than the store takes
     * @throws BacklogFullException if there is no room to wait in; the handler has not begun
     * @throws WaitExceededException if the type is set to {@link OnWaitTimeout#CANCEL} and the handler was not done, or
     *     the call could not be made a job within maxInline: the store fails, or does not take the payload
     * @throws ExecutorClosedException if the executor is closed
     * @throws IdempotencyKeyReusedException if its idempotency key came with another fingerprint before
     * @throws JobFailedException if it repeats a call by its idempotency key that has failed
     * @throws JobStoreException if an idempotency key cannot be claimed; the handler has not begun
     */
    public <P, R> Outcome<R> call(JobType<P, R> type, P payload, CallOptions options) throws Exception {
        Request<R> request = request(type, payload, options);
        Guards.mayWait(() -> "a call of job type '" + type.name() + "'", engine);
        try {
            return engine.calls.await(engine.types.lane(type.name()), request);
        } catch (Throwable thrown) { // of the handler, or what this method declares
            throw Answers.<RuntimeException>unchanged(thrown);
        }
    }

    /**
     * {@link #call(JobType, Object, CallOptions)} without a waiting thread. The stage fails as {@code call} throws, with
     * the same objects; its dependents run on the executor's callback threads.
     *
     * @throws IllegalStateException if the type has no handler in this process
     * @throws IllegalArgumentException if the handler was registered for another payload, result or version
     */
    public <P, R> CompletionStage<Outcome<R>> callAsync(JobType<P, R> type, P payload, CallOptions options) {
        return engine.calls.answer(engine.types.lane(type.name()), request(type, payload, options));
    }

    private <P, R> Request<R> request(JobType<P, R> type, P payload, CallOptions options) {
        long arrival = engine.time.nanoTime();
        Objects.requireNonNull(payload, "payload");
        NamedTask<P, R> handler = engine.claimer.handler(type);
        return Request.named(
                context -> handler.handle(payload, context),
                new Named(type.version(), () -> engine.values.writePayload(type, payload), null),
                options.replayedAs(type.resultType()),
                engine.contexts.capture(),
                arrival);
    }

    /**
     * The handle of a job of this type; empty when no such job is known, or the id is of another type.
     *
     * @throws JobStoreException if the store cannot be asked
     */
    public <P, R> Optional<JobHandle<R>> find(JobType<P, R> type, String jobId) {
        return Stages.join(Finds.snapshot(engine, Objects.requireNonNull(jobId, "jobId")))
                .filter(job -> job.type().equals(type.name()))
                .map(job -> new StoredHandle<>(engine, jobId, type.name(), type.resultType()));
    }

    /**
     * Failed jobs of a type, the last failed first; they keep their payload and may be run again.
     *
     * @param limit at most so many, 1 or more
     * @throws JobStoreException if the store cannot be asked
     */
    public List<JobSnapshot> dead(JobType<?, ?> type, int limit) {
        return Stages.join(engine.store.dead(type.name(), Ranges.atLeast("limit", limit, 1))).stream()
                .map(record -> new JobSnapshot(record, null, engine.values, null))
                .toList();
    }

    /**
     * Runs a failed job again, with all its attempts.
     *
     * @return false if it has not failed, or is not known any more
     * @throws JobStoreException if the store cannot be asked
     */
    public boolean rerun(String jobId) {
        WriteAnswer answer = Stages.join(engine.store.rerun(jobId));
        return answer == WriteAnswer.OK || answer == WriteAnswer.ALREADY;
    }
}
