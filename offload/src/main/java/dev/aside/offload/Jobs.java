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
                    engine.values.write(type.name(), type.version(), payload),
                    options.delay,
                    lane.options.maxBacklog(),
                    options.key);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(new IllegalArgumentException(
                    "the payload of a job of type " + type.name() + " could not be encoded", e));
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
            case TOO_LARGE ->
                throw new IllegalArgumentException("the payload of a job of type " + type.name()
                        + " is larger than the store takes. Hint: store it elsewhere and enqueue its address.");
            case ACCEPTED -> {
                if (engine.events.areHeard()) {
                    engine.events.tell(new OffloadEvent.Enqueued(type.name(), admission.jobId()));
                }
            }
            case DUPLICATE -> {}
        }
        return new StoredHandle<>(engine, admission.jobId(), type.name(), type.resultType());
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
        return Stages.join(engine.store.rerun(jobId)) == WriteAnswer.OK;
    }
}
