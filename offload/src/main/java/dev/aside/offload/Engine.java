package dev.aside.offload;

import dev.aside.offload.job.JobId;
import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobState;
import dev.aside.offload.spi.Admission;
import dev.aside.offload.spi.JobEnd;
import dev.aside.offload.spi.JobStore;
import dev.aside.offload.spi.KeyClaim;
import dev.aside.offload.spi.TimeSource;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** What all executions of one executor share. Thread-safe. */
final class Engine {
    private static final System.Logger LOG = System.getLogger(Engine.class.getName());

    final TimeSource time;
    final JobStore store;
    final Dispatcher dispatcher;
    final Executor callbacks;
    final Types types;
    final Events events;
    final Contexts contexts;
    final Values values;
    final StoreHealth health = new StoreHealth();
    final Beats beats;
    final Claimer claimer;
    final Watches watches;
    final Untracks untracks;
    final Admissions admissions;
    final Calls calls;
    final Crowd crowd;
    final EventLoopGuard eventLoopGuard;

    final String node;
    final long writeBudgetNanos;
    final long progressNanos;
    final long maxInlineNanos;
    /**
     * Executions the store knows, by id, until it has their end. Bounded: each holds a worker or a place in a backlog,
     * or was taken in by the store that does not take its end at the moment.
     */
    final ConcurrentMap<String, Execution<?>> live = new ConcurrentHashMap<>();
    /** Unfinished executions that neither wait in a lane nor have a thread. */
    final Set<Execution<?>> asleep = ConcurrentHashMap.newKeySet();

    /** Who waits until no claim is under way and nothing is live any more. */
    volatile @Nullable Thread closing;

    /** Everything is closed: what could not be written by now is left to whoever finds this process dead. */
    volatile boolean over;

    private final Function<Throwable, JobProblem> problems;

    Engine(OffloadBuilder options, Types types, Dispatcher dispatcher, Executor callbacks) {
        this.time = options.time;
        this.store = Objects.requireNonNull(options.store);
        this.types = types;
        this.dispatcher = dispatcher;
        this.callbacks = callbacks;
        this.events = new Events(options.listeners);
        this.contexts = new Contexts(options.carriers);
        this.values = new Values(options.codec);
        this.node = options.node;
        this.problems = options.problems;
        this.writeBudgetNanos = store.writeBudget().toNanos();
        this.progressNanos = store.progressInterval().toNanos();
        this.maxInlineNanos = options.maxInline.toNanos();
        this.beats = new Beats(this);
        this.claimer = new Claimer(this);
        this.watches = new Watches(this);
        this.untracks = new Untracks(this);
        this.admissions = new Admissions(this);
        this.calls = new Calls(this);
        IntSupplier processors = Runtime.getRuntime()::availableProcessors;
        this.crowd = new Crowd(new ProcessorShare(time, options.processorTime, processors, callbacks), processors);
        this.eventLoopGuard = options.eventLoopGuard;
        for (TypeLane lane : types.all()) {
            if (lane.gates != null) {
                lane.gates.onOpening(() -> dispatcher.resume(lane));
            }
        }
    }

    /** It is not held here any more. */
    void forget(Execution<?> execution) {
        live.remove(execution.id(), execution);
        wakeCloser();
    }

    void wakeCloser() {
        LockSupport.unpark(closing);
    }

    String newId(String type, @Nullable KeyClaim key) {
        int shard = key == null ? ThreadLocalRandom.current().nextInt(JobId.SHARDS) : JobId.shardOfKey(type, key.key());
        return JobId.next(time.instant(), shard);
    }

    JobProblem problemOf(Throwable thrown) {
        if (thrown instanceof UnreadablePayloadException) {
            return JobProblem.notReadable("payload");
        }
        return thrown instanceof JobFailedException nested ? nested.problem() : problems.apply(thrown);
    }

    /** The end as the store gets it; a result that cannot be encoded is a failure. */
    JobEnd jobEnd(Execution<?> execution, End<?> end) {
        JobProblem problem = end.problem;
        if (problem != null) {
            return new JobEnd(end.state, null, problem, end.error(), end.detached);
        }
        try {
            return JobEnd.succeeded(values.write(execution.lane.type, 0, end.value));
        } catch (RuntimeException | StackOverflowError e) { // results may be nested deeper than any stack
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the result of a job of type " + execution.lane.type + " could not be encoded",
                    e);
            return JobEnd.without(JobState.FAILED, JobProblem.notReadable("result"), Texts.summary(e));
        }
    }

    /** Why the store did not take work over. */
    Throwable refusal(String type, Admission.@Nullable Answer answer) {
        if (answer == Admission.Answer.TOO_LARGE) {
            return Values.tooLarge(type);
        }
        return new JobStoreException(
                "the job store has no room for a job of type " + type
                        + ". Hint: more unfinished jobs than maxJobs of the store.",
                null);
    }
}
