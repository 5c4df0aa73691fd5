package dev.aside.offload;

import dev.aside.offload.job.JobKind;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.spi.JobStore;
import dev.aside.offload.spi.JobUpdate;
import dev.aside.offload.spi.Owner;
import dev.aside.offload.spi.WriteAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the store's record of one tracked execution like the execution. It writes what is true when the write begins,
 * one write at a time, so writes cannot overtake each other and any number of changes meanwhile is one more write. A
 * failed write is repeated with growing pauses until it succeeds or the store says whose job it is.
 *
 * <p>Thread-safe; the monitor guards the flags, never held while the store works.
 */
final class JobChannel {
    private static final System.Logger LOG = System.getLogger(JobChannel.class.getName());
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LAST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Execution<?> execution;
    private @Nullable JobUpdate written;
    private boolean busy;
    private boolean stale;
    private boolean finished;
    private boolean progressTimer;
    private int failedWrites;
    private long lastWriteNanos;

    JobChannel(Execution<?> execution) {
        this.execution = execution;
        JobRecord claimed = execution.request.claimed();
        if (claimed != null) {
            written = new JobUpdate(JobState.RUNNING, claimed.attempts(), claimed.failures(), null, claimed.progress());
            lastWriteNanos = execution.arrivalNanos;
        }
    }

    /** The record the store begins with; what differs from it is written later. */
    JobRecord firstRecord() {
        Engine engine = execution.engine;
        Instant now = engine.time.instant();
        JobUpdate first = execution.update();
        synchronized (this) {
            written = first;
            lastWriteNanos = engine.time.nanoTime();
        }
        CancelCause cause = execution.wish();
        Named named = execution.request.named();
        return JobRecord.builder(execution.id(), execution.lane.type)
                .kind(named == null ? JobKind.LOCAL : JobKind.NAMED)
                .typeVersion(named == null ? 1 : named.version())
                .priority(execution.priority)
                .state(first.state())
                .node(engine.node)
                .epoch(execution.owner().epoch())
                .attempts(first.attempts())
                .createdAt(now.minusNanos(engine.time.nanoTime() - execution.arrivalNanos))
                .startedAt(first.state() == JobState.RUNNING ? now : null)
                .failures(first.failures())
                .dueAt(first.dueAt())
                .progress(first.progress())
                .context(execution.request.exported())
                .cancelRequested(cause != null)
                .reason(cause == null ? "" : cause.reason())
                .build();
    }

    /** Something changed that has to be written now. */
    void sync() {
        synchronized (this) {
            if (busy || finished) {
                stale = true;
                return;
            }
            busy = true;
        }
        write();
    }

    /** Progress was reported: written at once, or when the store's interval is over. */
    void progressed() {
        long interval = execution.engine.progressNanos;
        long now = execution.engine.time.nanoTime();
        synchronized (this) {
            if (progressTimer) {
                return;
            }
            if (interval > 0 && now - lastWriteNanos < interval) {
                progressTimer = true;
                execution.engine.time.schedule(lastWriteNanos + interval, this::progressDue);
                return;
            }
        }
        sync();
    }

    private void progressDue() {
        synchronized (this) {
            progressTimer = false;
        }
        sync();
    }

    private void write() {
        while (true) {
            @Nullable Write next = nextWrite();
            if (next == null) {
                return;
            }
            CompletableFuture<WriteAnswer> sent = send(next);
            if (!sent.isDone()) {
                CompletionStage<WriteAnswer> later = sent;
                later.whenComplete((answer, failure) -> {
                    if (answered(next, answer, failure)) {
                        write();
                    }
                });
                return;
            }
            @Nullable Throwable failure = failureOf(sent);
            if (!answered(next, failure == null ? sent.join() : null, failure)) {
                return;
            }
        }
    }

    /** What has to be written, null if the store is up to date: then nobody is writing any more. */
    private @Nullable Write nextWrite() {
        while (true) {
            synchronized (this) {
                stale = false;
            }
            End<?> end = execution.ending();
            JobUpdate update = end == null ? execution.update() : null;
            boolean takenBack = end != null && !end.tracked;
            synchronized (this) {
                if (!takenBack && (end != null || !Objects.equals(update, written))) {
                    written = update;
                    lastWriteNanos = execution.engine.time.nanoTime();
                    return new Write(update, end);
                }
                if (!stale) {
                    busy = false;
                    return null;
                }
            }
        }
    }

    private CompletableFuture<WriteAnswer> send(Write write) {
        JobStore store = execution.engine.store;
        try {
            return send(store, write).toCompletableFuture();
        } catch (RuntimeException e) { // a store must not throw; one that does has failed
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletionStage<WriteAnswer> send(JobStore store, Write write) {
        String id = execution.id();
        Owner owner = execution.owner();
        End<?> end = write.end;
        if (end == null) {
            return store.update(id, owner, Objects.requireNonNull(write.update));
        }
        Duration delay = end.handedBack;
        if (delay == null) {
            return store.finish(id, owner, Objects.requireNonNull(end.stored));
        }
        return end.state == JobState.SCHEDULED
                ? store.retry(id, owner, delay, end.error())
                : store.release(id, owner, delay);
    }

    /** Whether to look for more to write now. */
    private boolean answered(Write write, @Nullable WriteAnswer answer, @Nullable Throwable failure) {
        if (failure != null) {
            repeatLater(failure);
            if (write.end != null) {
                execution.unsettled();
            }
            return false;
        }
        if (answer == WriteAnswer.FENCED || answer == WriteAnswer.GONE) {
            LOG.log(System.Logger.Level.DEBUG, "the store refused a write of job {0}: {1}", execution.id(), answer);
            execution.cancel(CancelCause.fenced()); // nothing is left to stop if this was its end
        }
        if (write.end == null) {
            return true;
        }
        synchronized (this) {
            finished = true;
            busy = false;
        }
        execution.settled();
        return false;
    }

    private void repeatLater(Throwable failure) {
        long pause;
        synchronized (this) {
            written = null;
            busy = false;
            pause = pauseNanos(failedWrites++);
        }
        if (execution.engine.over) {
            return;
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "a write of a job of type " + execution.lane.type + " failed, it is repeated in "
                        + TimeUnit.NANOSECONDS.toMillis(pause) + " ms",
                failure);
        execution.engine.time.schedule(execution.engine.time.nanoTime() + pause, this::sync);
    }

    /** How long to wait after so many failures before this one. */
    static long pauseNanos(int failures) {
        return Math.min(LAST_PAUSE_NANOS, FIRST_PAUSE_NANOS << Math.min(failures, 20));
    }

    private static @Nullable Throwable failureOf(CompletableFuture<?> done) {
        return done.handle((ignored, failure) -> failure).join();
    }

    /** Either an update or an end. */
    private record Write(
            @Nullable JobUpdate update, @Nullable End<?> end) {}
}
