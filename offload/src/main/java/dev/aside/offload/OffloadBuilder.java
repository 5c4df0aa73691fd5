package dev.aside.offload;

import dev.aside.offload.job.JobProblem;
import dev.aside.offload.memory.InMemoryJobStore;
import dev.aside.offload.spi.ContextCarrier;
import dev.aside.offload.spi.JobStore;
import dev.aside.offload.spi.PayloadCodec;
import dev.aside.offload.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Collects the options of an {@link OffloadExecutor}. Not thread-safe. */
public final class OffloadBuilder {
    private static final int PLATFORM_WORKERS = 64;
    private static final int VIRTUAL_WORKERS = 1_024;

    TypeOptions defaults = TypeOptions.builder().build();
    final Map<String, UnaryOperator<TypeOptions.Builder>> types = new HashMap<>();
    boolean declaredTypesOnly;
    int maxTypes = 1_000;
    int workers;
    int maxBacklog = 5_000;
    long maxBacklogBytes = 64L << 20;
    EventLoopGuard eventLoopGuard = EventLoopGuard.REFUSE;
    final List<OffloadListener> listeners = new ArrayList<>();
    final List<ContextCarrier> carriers = new ArrayList<>();
    Function<Throwable, JobProblem> problems = thrown -> JobProblem.failed();

    @Nullable PayloadCodec codec;

    boolean virtualThreads = VirtualThreads.areAvailable();
    Duration maxInline = Duration.ofSeconds(30);
    Duration drain = Duration.ofSeconds(20);

    @Nullable JobStore store;

    TimeSource time = TimeSource.system();
    /** Of this process in ns, negative where it is not known; another one in tests. */
    LongSupplier processorTime = ProcessorShare::usedByThisProcess;

    String name = "aside-offload";
    String node = UUID.randomUUID().toString();

    OffloadBuilder() {}

    /**
     * How long a caller waits before its call becomes a job, for every type that does not say otherwise; 200 ms unless
     * set.
     *
     * @throws IllegalArgumentException if it is negative or above {@link TypeOptions#MAX_THRESHOLD}
     */
    public OffloadBuilder threshold(Duration threshold) {
        return defaults(type -> type.threshold(threshold));
    }

    /** Changes what holds for every type that does not say otherwise. */
    public OffloadBuilder defaults(UnaryOperator<TypeOptions.Builder> change) {
        defaults = change.apply(defaults.toBuilder()).build();
        return this;
    }

    /**
     * Says what holds for one type, on top of the defaults as they are when the executor is built.
     *
     * @throws IllegalArgumentException if the name is not one, or is declared already
     */
    public OffloadBuilder type(String name, UnaryOperator<TypeOptions.Builder> change) {
        Objects.requireNonNull(change, "change");
        if (types.putIfAbsent(Ranges.typeName(name), change) != null) {
            throw new IllegalArgumentException("job type '" + name + "' is declared twice.");
        }
        return this;
    }

    /** Refuses calls of types that are not declared by {@link #type}: a wrong name is an error, not a new type. */
    public OffloadBuilder declaredTypesOnly() {
        this.declaredTypesOnly = true;
        return this;
    }

    /**
     * How many tasks run at once, all types together: 64 platform threads or 1 024 virtual ones unless set.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public OffloadBuilder workers(int workers) {
        this.workers = Ranges.atLeast("workers", workers, 1);
        return this;
    }

    /**
     * How many calls may wait for a worker, all types together; 5 000 unless set.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public OffloadBuilder maxBacklog(int maxBacklog) {
        this.maxBacklog = Ranges.atLeast("maxBacklog", maxBacklog, 0);
        return this;
    }

    /**
     * How many bytes waiting calls may hold, as {@link CallOptions.Builder#estimatedBytes} says; 64 MiB unless set.
     *
     * @throws IllegalArgumentException if it is below 1 KiB
     */
    public OffloadBuilder maxBacklogBytes(long maxBacklogBytes) {
        if (maxBacklogBytes < 1_024) {
            throw new IllegalArgumentException("maxBacklogBytes " + maxBacklogBytes + " is below 1024.");
        }
        this.maxBacklogBytes = maxBacklogBytes;
        return this;
    }

    /** Tells a listener of everything that happens. May be called several times. */
    public OffloadBuilder listener(OffloadListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        return this;
    }

    /** Carries context from callers to the threads that do their work. May be called several times. */
    public OffloadBuilder context(ContextCarrier carrier) {
        carriers.add(Objects.requireNonNull(carrier, "carrier"));
        return this;
    }

    /** Turns payloads and results into bytes; needed by a store that does not keep references. */
    public OffloadBuilder codec(PayloadCodec codec) {
        this.codec = Objects.requireNonNull(codec, "codec");
        return this;
    }

    /**
     * Says what clients are told of an exception; unless set, only that the job failed. The function must not throw.
     */
    public OffloadBuilder problems(Function<Throwable, JobProblem> problems) {
        this.problems = Objects.requireNonNull(problems, "problems");
        return this;
    }

    /** What happens when an event loop asks for something that would block it; it is refused unless set. */
    public OffloadBuilder eventLoopGuard(EventLoopGuard guard) {
        this.eventLoopGuard = Objects.requireNonNull(guard, "guard");
        return this;
    }

    /** Runs tasks on platform threads even where the JVM has virtual ones, e.g. for code that pins them. */
    public OffloadBuilder platformThreads() {
        this.virtualThreads = false;
        return this;
    }

    /**
     * How long a caller waits at most when its call cannot be made a job because the store fails; 30 s unless set. Then
     * the work is cancelled and the caller gets a {@link WaitExceededException}.
     *
     * @throws IllegalArgumentException if it is negative or above an hour
     */
    public OffloadBuilder maxInline(Duration maxInline) {
        this.maxInline = Ranges.within("maxInline", maxInline, Duration.ZERO, Duration.ofHours(1));
        return this;
    }

    /**
     * How long {@link OffloadExecutor#close()} lets unfinished work go on; 20 s unless set.
     *
     * @throws IllegalArgumentException if it is negative or above a day
     */
    public OffloadBuilder drain(Duration drain) {
        this.drain = Ranges.within("drain", drain, Duration.ZERO, Ranges.DAY);
        return this;
    }

    /**
     * Where jobs are kept; an {@link InMemoryJobStore} with its defaults unless set. A store that is handed in is not
     * closed by the executor.
     */
    public OffloadBuilder store(JobStore store) {
        this.store = Objects.requireNonNull(store, "store");
        return this;
    }

    /** The time the executor lives by; not closed by it. For tests. */
    public OffloadBuilder time(TimeSource time) {
        this.time = Objects.requireNonNull(time, "time");
        return this;
    }

    /** What the names of the executor's threads begin with. */
    public OffloadBuilder name(String name) {
        this.name = Objects.requireNonNull(name, "name");
        return this;
    }

    /**
     * The executor, ready for calls.
     *
     * @throws IllegalArgumentException if the store needs a codec and there is none
     */
    public OffloadExecutor build() {
        if (store != null && !store.keepsReferences() && codec == null) {
            throw new IllegalArgumentException("the store " + store.getClass().getSimpleName()
                    + " keeps bytes only and there is no codec. Hint: OffloadBuilder.codec.");
        }
        return new OffloadExecutor(this);
    }

    int effectiveWorkers() {
        return workers > 0 ? workers : virtualThreads ? VIRTUAL_WORKERS : PLATFORM_WORKERS;
    }
}
