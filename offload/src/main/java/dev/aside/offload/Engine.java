package dev.aside.offload;

import dev.aside.offload.job.JobId;
import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.JobEnd;
import dev.aside.offload.spi.JobStore;
import dev.aside.offload.spi.Owner;
import dev.aside.offload.spi.TimeSource;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** What all executions of one executor share. Thread-safe. */
final class Engine {
    private static final System.Logger LOG = System.getLogger(Engine.class.getName());

    final TimeSource time;
    final JobStore store;
    final Dispatcher dispatcher;
    final Executor callbacks;
    final String node;
    final long writeBudgetNanos;
    final long progressNanos;
    final long maxInlineNanos;
    /** Unfinished executions the store knows, by id: bounded, as each holds a worker or a place in a backlog. */
    final ConcurrentMap<String, Execution<?>> live = new ConcurrentHashMap<>();

    Engine(OffloadBuilder options, Dispatcher dispatcher, Executor callbacks) {
        this.time = options.time;
        this.store = Objects.requireNonNull(options.store);
        this.dispatcher = dispatcher;
        this.callbacks = callbacks;
        this.node = options.node;
        this.writeBudgetNanos = store.writeBudget().toNanos();
        this.progressNanos = store.progressInterval().toNanos();
        this.maxInlineNanos = options.maxInline.toNanos();
    }

    String newId() {
        return JobId.next(time.instant(), ThreadLocalRandom.current().nextInt(JobId.SHARDS));
    }

    JobProblem problemOf(Throwable thrown) {
        return thrown instanceof JobFailedException nested ? nested.problem() : JobProblem.failed();
    }

    JobEnd jobEnd(End<?> end) {
        return new JobEnd(
                end.state,
                end.problem == null ? Payload.reference(end.value) : null,
                end.problem,
                end.error(),
                end.detached);
    }

    /** Takes back what the store was told a moment ago. If that fails the record stays until its node is found dead. */
    void untrack(String jobId, Owner owner) {
        store.untrack(jobId, owner).whenComplete((answer, failure) -> {
            if (failure != null) {
                LOG.log(System.Logger.Level.WARNING, "the store could not forget job " + jobId, failure);
            }
        });
    }

    Throwable storeFull(String type) {
        return new JobStoreException(
                "the job store has no room for a job of type " + type
                        + ". Hint: more unfinished jobs than maxJobs of the store.",
                null);
    }

    @Nullable Execution<?> live(String jobId) {
        return live.get(jobId);
    }
}
