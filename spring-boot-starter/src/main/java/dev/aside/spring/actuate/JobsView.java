package dev.aside.spring.actuate;

import dev.aside.offload.JobSnapshot;
import dev.aside.offload.OffloadEvent;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.OffloadListener;
import dev.aside.offload.OffloadLoad;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.spi.Purge;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What operators see of jobs, and may do to them. Counts are those of this process since it began; a job is looked up in
 * the store. Thread-safe.
 */
public final class JobsView implements OffloadListener {
    private final Supplier<? extends @Nullable OffloadExecutor> offload;
    private final String store;
    private final ConcurrentMap<String, LongAdder> ended = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, LongAdder> answered = new ConcurrentHashMap<>();

    /**
     * A view that counts as soon as the executor takes it up as a listener.
     *
     * @param offload gives the executor, or null if there is none; asked when somebody looks
     * @param store the kind of store, in a word
     */
    public JobsView(Supplier<? extends @Nullable OffloadExecutor> offload, String store) {
        this.offload = Objects.requireNonNull(offload, "offload");
        this.store = Objects.requireNonNull(store, "store");
    }

    /**
     * Offloaded work.
     *
     * @param store the kind of store
     * @param load what there is to do at the moment
     * @param answered calls by how they were answered
     * @param ended work by the state it ended in
     */
    public record Summary(
            String store, @Nullable OffloadLoad load, Map<String, Long> answered, Map<String, Long> ended) {}

    /**
     * One job, for operators: with the text of its exception, without its payload, its result and its owner.
     *
     * @param error the exception in short; may be empty
     */
    public record Job(
            String id,
            String type,
            JobState state,
            String kind,
            String node,
            int attempts,
            int failures,
            Instant createdAt,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            boolean cancelRequested,
            String progress,
            String reason,
            String error)
            implements OperationResponseBody {
        static Job of(JobRecord record) {
            return new Job(
                    record.id(),
                    record.type(),
                    record.state(),
                    record.kind().name().toLowerCase(Locale.ROOT),
                    record.node(),
                    record.attempts(),
                    record.failures(),
                    record.createdAt(),
                    record.startedAt(),
                    record.finishedAt(),
                    record.cancelRequested(),
                    record.progress().done() + "/" + record.progress().total() + " "
                            + record.progress().message(),
                    record.reason(),
                    record.error());
        }
    }

    @Override
    public void on(OffloadEvent event) {
        if (event instanceof OffloadEvent.Ended end) {
            count(ended, end.state());
        } else if (event instanceof OffloadEvent.Answered answer) {
            count(answered, answer.mode());
        }
    }

    private static void count(ConcurrentMap<String, LongAdder> counts, Enum<?> what) {
        counts.computeIfAbsent(what.name().toLowerCase(Locale.ROOT), name -> new LongAdder())
                .increment();
    }

    /** All work. */
    public Summary summary() {
        OffloadExecutor executor = offload.get();
        return new Summary(store, executor == null ? null : executor.load(), counts(answered), counts(ended));
    }

    private static Map<String, Long> counts(ConcurrentMap<String, LongAdder> counts) {
        Map<String, Long> sums = new LinkedHashMap<>();
        counts.forEach((name, count) -> sums.put(name, count.sum()));
        return sums;
    }

    /** Itself, under its only name. */
    JobsView in(String area) {
        if (!area.equals("jobs")) {
            throw new UnknownNameException("area", area, List.of("jobs"));
        }
        return this;
    }

    /**
     * The final state of this name.
     *
     * @param by {@code state}
     */
    static JobState state(String by, String name) {
        if (!by.equals("state")) {
            throw new UnknownNameException("order of jobs", by, List.of("state"));
        }
        List<JobState> over =
                Stream.of(JobState.values()).filter(JobState::isTerminal).toList();
        return over.stream()
                .filter(state -> state.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new UnknownNameException(
                        "final state", name, over.stream().map(Enum::name).toList()));
    }

    static UnknownNameException unknown(String id) {
        return new UnknownNameException("job", id, List.of());
    }

    /** One job; empty if it is not known. */
    Optional<Job> find(String id) {
        return executor().find(id).map(JobSnapshot::record).map(Job::of);
    }

    /** Asks it to stop; what the wish met. */
    String cancel(String id) {
        return executor().cancel(id, "by an operator").name().toLowerCase(Locale.ROOT);
    }

    /** Runs a failed named job again; whether it does. */
    boolean rerun(String id) {
        return executor().jobs().rerun(id);
    }

    /** Deletes jobs that are over; how many. */
    int purge(Purge which) {
        return executor().purge(which);
    }

    private OffloadExecutor executor() {
        OffloadExecutor executor = offload.get();
        if (executor == null) {
            throw new UnknownNameException("executor", "offload", List.of());
        }
        return executor;
    }
}
