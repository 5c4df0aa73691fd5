package dev.aside.offload.memory;

import dev.aside.offload.job.JobKind;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.Admission;
import dev.aside.offload.spi.BeatAnswer;
import dev.aside.offload.spi.CancelAnswer;
import dev.aside.offload.spi.ClaimRequest;
import dev.aside.offload.spi.Claims;
import dev.aside.offload.spi.Holding;
import dev.aside.offload.spi.JobEnd;
import dev.aside.offload.spi.JobSignals;
import dev.aside.offload.spi.JobStore;
import dev.aside.offload.spi.JobUpdate;
import dev.aside.offload.spi.KeyClaim;
import dev.aside.offload.spi.Owner;
import dev.aside.offload.spi.Purge;
import dev.aside.offload.spi.Submission;
import dev.aside.offload.spi.TimeSource;
import dev.aside.offload.spi.WriteAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
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
    // One lock guards the book; commands are short, take no other lock, and signals go out after it is released.
    private final ReentrantLock lock = new ReentrantLock();
    private final List<JobSignals> listeners = new CopyOnWriteArrayList<>();
    private final Book book;
    private final TimeSource time;
    private final Duration lease;

    private InMemoryJobStore(Builder options) {
        this.time = options.time;
        this.lease = options.lease;
        this.book = new Book(options);
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
        return locked(book.retention::bytes);
    }

    /** Jobs held at the moment, finished ones included. */
    public int size() {
        return locked(book.entries::size);
    }

    @Override
    public CompletionStage<Admission> track(JobRecord record, @Nullable Payload payload, @Nullable KeyClaim key) {
        if ((record.kind() == JobKind.NAMED) != (payload != null)) {
            return CompletableFuture.failedFuture(new IllegalArgumentException("a " + record.kind() + " job comes with "
                    + (payload == null ? "no" : "a") + " payload. Hint: exactly a NAMED one has a payload."));
        }
        return done(locked(() -> book.track(record, payload, key)));
    }

    @Override
    public CompletionStage<WriteAnswer> untrack(String jobId, Owner owner) {
        return done(locked(() -> book.untrack(jobId, owner)));
    }

    @Override
    public CompletionStage<Admission> submit(Submission submission) {
        return done(locked(() -> book.submit(submission)));
    }

    @Override
    public CompletionStage<Claims> claim(ClaimRequest request) {
        return done(locked(() -> book.claim(request)));
    }

    @Override
    public CompletionStage<WriteAnswer> update(String jobId, Owner owner, JobUpdate update) {
        return done(owned(jobId, owner, entry -> book.update(entry, update)));
    }

    @Override
    public CompletionStage<WriteAnswer> finish(String jobId, Owner owner, JobEnd end) {
        return done(owned(jobId, owner, entry -> book.finish(entry, end)));
    }

    @Override
    public CompletionStage<WriteAnswer> retry(String jobId, Owner owner, Duration delay, String error) {
        return done(owned(jobId, owner, entry -> book.retry(entry, delay, error)));
    }

    @Override
    public CompletionStage<WriteAnswer> release(String jobId, Owner owner, Duration delay) {
        return done(owned(jobId, owner, entry -> book.release(entry, delay)));
    }

    @Override
    public CompletionStage<List<BeatAnswer>> beat(String node, List<Holding> holdings) {
        return done(locked(() -> holdings.stream()
                .map(held -> book.beat(book.entries.get(held.jobId()), new Owner(node, held.epoch())))
                .toList()));
    }

    @Override
    public CompletionStage<Integer> tick() {
        return done(locked(book::tick));
    }

    @Override
    public CompletionStage<CancelAnswer> cancel(String jobId, String reason) {
        Objects.requireNonNull(reason, "reason");
        CancelAnswer answer = locked(() -> book.cancel(jobId, reason));
        if (answer == CancelAnswer.REQUESTED) {
            listeners.forEach(listener -> listener.cancelRequested(jobId, reason));
        }
        return done(answer);
    }

    @Override
    public CompletionStage<Integer> purge(Purge which) {
        return done(locked(() -> book.purge(which)));
    }

    @Override
    public CompletionStage<Optional<JobRecord>> find(String jobId) {
        return done(locked(() -> Optional.ofNullable(book.entries.get(jobId)).map(entry -> entry.record)));
    }

    @Override
    public CompletionStage<Optional<Payload>> result(String jobId) {
        return done(locked(() -> Optional.ofNullable(book.entries.get(jobId)).map(entry -> entry.result)));
    }

    @Override
    public CompletionStage<List<JobRecord>> dead(String type, int limit) {
        return done(locked(() -> book.dead(type, limit)));
    }

    @Override
    public CompletionStage<WriteAnswer> rerun(String jobId) {
        return done(locked(() -> book.rerun(jobId)));
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
    public Duration lease() {
        return lease;
    }

    @Override
    public void close() {}

    private WriteAnswer owned(String jobId, Owner owner, Function<Entry, WriteAnswer> write) {
        return locked(() -> {
            Entry entry = book.entries.get(jobId);
            if (entry == null) {
                return WriteAnswer.GONE;
            }
            return entry.isOwnedBy(owner) ? write.apply(entry) : WriteAnswer.FENCED;
        });
    }

    /** Runs a command under the lock and sends out what it changed. */
    private <T> T locked(Supplier<T> command) {
        List<JobRecord> changes;
        List<String> startable;
        T answer;
        lock.lock();
        try {
            long now = time.nanoTime();
            book.retention.sweep(now);
            answer = command.get();
            book.retention.sweep(now);
            changes = drained(book.changes);
            startable = drained(book.startable);
        } finally {
            lock.unlock();
        }
        for (JobRecord changed : changes) {
            listeners.forEach(listener -> listener.changed(changed.id(), changed.version()));
        }
        for (String type : startable) {
            listeners.forEach(listener -> listener.ready(type));
        }
        return answer;
    }

    private static <T> List<T> drained(List<T> collected) {
        if (collected.isEmpty()) {
            return List.of();
        }
        List<T> copy = List.copyOf(collected);
        collected.clear();
        return copy;
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
        Duration deadTtl = Duration.ofDays(30);
        Duration lease = Duration.ZERO;
        int maxCrashes = 2;
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

        /** How long failed named jobs are kept for a re-run; 30 days unless set, and within the other bounds. */
        public Builder deadRetention(Duration deadTtl) {
            if (deadTtl.isNegative() || deadTtl.isZero()) {
                throw new IllegalArgumentException("retention of dead jobs " + deadTtl + " is not above zero.");
            }
            this.deadTtl = deadTtl;
            return this;
        }

        /**
         * How long the owner of a running job may be silent before the job is taken from it. Zero unless set: with one
         * executor on this store nobody is left to take it. For tests that make several executors share a store.
         */
        public Builder lease(Duration lease) {
            if (lease.isNegative()) {
                throw new IllegalArgumentException("lease " + lease + " is negative.");
            }
            this.lease = lease;
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
