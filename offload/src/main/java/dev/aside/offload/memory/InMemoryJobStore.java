package dev.aside.offload.memory;

import dev.aside.offload.job.JobKind;
import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.Admission;
import dev.aside.offload.spi.CancelAnswer;
import dev.aside.offload.spi.JobEnd;
import dev.aside.offload.spi.JobSignals;
import dev.aside.offload.spi.JobStore;
import dev.aside.offload.spi.JobUpdate;
import dev.aside.offload.spi.Owner;
import dev.aside.offload.spi.TimeSource;
import dev.aside.offload.spi.WriteAnswer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A job store in the heap of one process, bounded by count, bytes and time. Jobs are polled in the process that runs
 * them and are gone with it.
 *
 * <p>Thread-safe; all stages are completed when they are returned.
 */
public final class InMemoryJobStore implements JobStore {
    // One lock guards everything; commands are short, take no other lock, and signals go out after it is released.
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Entry> entries = new HashMap<>();
    private final List<JobSignals> listeners = new CopyOnWriteArrayList<>();
    private final Retention retention;
    private final TimeSource time;
    private final int maxJobs;
    private final long maxResultBytes;
    private final ToLongFunction<@Nullable Object> estimator;

    private InMemoryJobStore(Builder options) {
        this.time = options.time;
        this.maxJobs = options.maxJobs;
        this.maxResultBytes = options.maxBytes / 4;
        this.estimator = options.estimator;
        this.retention = new Retention(entries, options);
    }

    /** A store with its defaults: 10 000 jobs, 64 MiB, results for 10 minutes, records for an hour. */
    public static InMemoryJobStore create() {
        return builder().build();
    }

    /** A store with other bounds. */
    public static Builder builder() {
        return new Builder();
    }

    /** Estimated bytes held at the moment. */
    public long bytes() {
        return locked(retention::bytes);
    }

    /** Jobs held at the moment, finished ones included. */
    public int size() {
        return locked(entries::size);
    }

    @Override
    public CompletionStage<Admission> track(JobRecord record) {
        return done(locked(() -> {
            Entry known = entries.get(record.id());
            if (known != null) {
                return new Admission(Admission.Answer.ACCEPTED, record.id());
            }
            if (entries.size() >= maxJobs && !makeRoom()) {
                return new Admission(Admission.Answer.FULL, record.id());
            }
            Entry entry = new Entry(record.toBuilder().version(1).build());
            entries.put(record.id(), entry);
            retention.added(entry);
            return new Admission(Admission.Answer.ACCEPTED, record.id());
        }));
    }

    private boolean makeRoom() {
        retention.makeRoom();
        return entries.size() < maxJobs;
    }

    @Override
    public CompletionStage<WriteAnswer> untrack(String jobId, Owner owner) {
        return done(locked(() -> {
            Entry entry = entries.get(jobId);
            if (entry == null) {
                return WriteAnswer.GONE;
            }
            if (!isOwn(entry, owner) || entry.record.state().isTerminal()) {
                return WriteAnswer.FENCED;
            }
            entries.remove(jobId);
            retention.removed(entry);
            return WriteAnswer.OK;
        }));
    }

    @Override
    public CompletionStage<WriteAnswer> update(String jobId, Owner owner, JobUpdate update) {
        return done(written(jobId, owner, entry -> {
            JobRecord now = entry.record;
            if (now.state() != update.state() && !now.state().canBecome(update.state())) {
                return WriteAnswer.FENCED;
            }
            JobRecord.Builder next = now.toBuilder()
                    .state(update.state())
                    .attempts(update.attempts())
                    .failures(update.failures())
                    .dueAt(update.dueAt())
                    .progress(update.progress());
            if (update.state() == JobState.RUNNING && now.state() != JobState.RUNNING) {
                next.startedAt(time.instant());
            }
            replace(entry, next);
            return WriteAnswer.OK;
        }));
    }

    @Override
    public CompletionStage<WriteAnswer> finish(String jobId, Owner owner, JobEnd end) {
        return done(written(jobId, owner, entry -> {
            long weight = entry.weight();
            JobEnd kept = end;
            if (end.result() != null) {
                long size = end.result().isEncoded()
                        ? end.result().size()
                        : estimator.applyAsLong(end.result().value());
                if (size > maxResultBytes) {
                    kept = JobEnd.without(JobState.FAILED, JobProblem.resultTooLarge(size, maxResultBytes), "");
                } else {
                    entry.result = end.result();
                    entry.resultWeight = size;
                }
            }
            entry.record = entry.record.toBuilder()
                    .state(kept.state())
                    .problem(kept.problem())
                    .error(kept.error())
                    .detached(kept.detached())
                    .finishedAt(time.instant())
                    .version(entry.record.version() + 1)
                    .build();
            retention.changed(entry, weight);
            retention.ended(entry, time.nanoTime());
            return WriteAnswer.OK;
        }));
    }

    @Override
    public CompletionStage<CancelAnswer> cancel(String jobId, String reason) {
        Objects.requireNonNull(reason, "reason");
        CancelAnswer answer = locked(() -> {
            Entry entry = entries.get(jobId);
            if (entry == null) {
                return CancelAnswer.GONE;
            }
            if (entry.record.state().isTerminal()) {
                return CancelAnswer.TERMINAL;
            }
            if (entry.record.kind() == JobKind.LOCAL || entry.record.state() == JobState.RUNNING) {
                replace(entry, entry.record.toBuilder().cancelRequested(true).reason(reason));
                return CancelAnswer.REQUESTED;
            }
            return CancelAnswer.CANCELLED;
        });
        if (answer == CancelAnswer.REQUESTED) {
            listeners.forEach(listener -> listener.cancelRequested(jobId, reason));
        }
        return done(answer);
    }

    @Override
    public CompletionStage<Optional<JobRecord>> find(String jobId) {
        return done(locked(() -> Optional.ofNullable(entries.get(jobId)).map(entry -> entry.record)));
    }

    @Override
    public CompletionStage<Optional<Payload>> result(String jobId) {
        return done(locked(() -> Optional.ofNullable(entries.get(jobId)).map(entry -> entry.result)));
    }

    @Override
    public Registration subscribe(JobSignals listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public boolean keepsReferences() {
        return true;
    }

    @Override
    public void close() {}

    /** Applies a write of the owner and signals the new version. */
    private WriteAnswer written(String jobId, Owner owner, java.util.function.Function<Entry, WriteAnswer> write) {
        long[] version = new long[1];
        WriteAnswer answer = locked(() -> {
            Entry entry = entries.get(jobId);
            if (entry == null) {
                return WriteAnswer.GONE;
            }
            if (!isOwn(entry, owner)) {
                return WriteAnswer.FENCED;
            }
            if (entry.record.state().isTerminal()) {
                return WriteAnswer.ALREADY;
            }
            WriteAnswer result = write.apply(entry);
            version[0] = entry.record.version();
            return result;
        });
        if (answer == WriteAnswer.OK) {
            listeners.forEach(listener -> listener.changed(jobId, version[0]));
        }
        return answer;
    }

    private void replace(Entry entry, JobRecord.Builder next) {
        long weight = entry.weight();
        entry.record = next.version(entry.record.version() + 1).build();
        retention.changed(entry, weight);
    }

    private static boolean isOwn(Entry entry, Owner owner) {
        return entry.record.isOwnedBy(owner.node(), owner.epoch());
    }

    private <T> T locked(Supplier<T> command) {
        lock.lock();
        try {
            long now = time.nanoTime();
            retention.sweep(now);
            T answer = command.get();
            retention.sweep(now);
            return answer;
        } finally {
            lock.unlock();
        }
    }

    private static <T> CompletionStage<T> done(T value) {
        return CompletableFuture.completedFuture(value);
    }

    /** Collects the bounds of a store. Not thread-safe. */
    public static final class Builder {
        int maxJobs = 10_000;
        long maxBytes = 64L << 20;
        Duration resultTtl = Duration.ofMinutes(10);
        Duration recordTtl = Duration.ofHours(1);
        TimeSource time = TimeSource.system();
        ToLongFunction<@Nullable Object> estimator = new SizeEstimator();

        private Builder() {}

        /** The most jobs held, unfinished ones included; 1 or more. Finished ones make room, the oldest first. */
        public Builder maxJobs(int maxJobs) {
            if (maxJobs < 1) {
                throw new IllegalArgumentException("maxJobs " + maxJobs + " is below 1.");
            }
            this.maxJobs = maxJobs;
            return this;
        }

        /**
         * The most bytes held, by estimate; 1 KiB or more. Results of finished jobs make room, the oldest first. A
         * single result may take a quarter.
         */
        public Builder maxBytes(long maxBytes) {
            if (maxBytes < 1024) {
                throw new IllegalArgumentException("maxBytes " + maxBytes + " is below 1024.");
            }
            this.maxBytes = maxBytes;
            return this;
        }

        /** How long results and records of finished jobs are kept; the result not longer than the record. */
        public Builder retention(Duration resultTtl, Duration recordTtl) {
            if (resultTtl.isNegative() || resultTtl.isZero() || resultTtl.compareTo(recordTtl) > 0) {
                throw new IllegalArgumentException("result retention " + resultTtl + " is not within 0.." + recordTtl
                        + ", the retention of the record. Hint: a result cannot outlive its job's record.");
            }
            this.resultTtl = resultTtl;
            this.recordTtl = recordTtl;
            return this;
        }

        /** What an object weighs in bytes; the built-in estimate counts text, arrays and collections. */
        public Builder sizeEstimator(ToLongFunction<@Nullable Object> estimator) {
            this.estimator = Objects.requireNonNull(estimator, "estimator");
            return this;
        }

        /** The time that retention follows. */
        public Builder time(TimeSource time) {
            this.time = Objects.requireNonNull(time, "time");
            return this;
        }

        /** The store. */
        public InMemoryJobStore build() {
            return new InMemoryJobStore(this);
        }
    }
}
