package dev.aside.offload;

import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobProgress;
import dev.aside.offload.job.JobState;
import dev.aside.offload.spi.ContextCarrier;
import dev.aside.offload.spi.TimeSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of an execution: what it shows to the work, and the way from the wish to stop to the end, in three
 * stages: the work is told, its thread is interrupted, it is given up.
 *
 * <p>Made on its worker. Thread-safe. The monitor guards the lists, the owned thread and {@code over}, for a few
 * instructions at a time, never while work or an action of a user runs; {@code cause} is written under it and read
 * without.
 */
final class Run<T extends @Nullable Object> implements JobContext {
    private static final System.Logger LOG = System.getLogger(Run.class.getName());

    final Execution<T> execution;
    final int attempt;
    final long startNanos;
    /** How it left its thread; written before the dispatcher is told. */
    Left left = Left.ENDED;

    long endNanos;

    /** What the execution is after it: SCHEDULED, then QUEUED, until the next attempt; null before that. */
    volatile @Nullable JobState after;

    /** When the next attempt is to begin; written before {@link #after}. */
    @Nullable Instant dueAt;

    private volatile @Nullable CancelCause cause;
    private volatile @Nullable JobProblem problem;
    /**
     * The worker, for as long as an interrupt is for this run.
     *
     * <p>Guards against race: an interrupt that comes before the task has begun
     * (CancelTest.cancel_betweenStartAndTask_interruptsTheTask)
     */
    private @Nullable Thread owned = Thread.currentThread();

    private @Nullable List<Runnable> actions;
    private @Nullable List<TimeSource.Timeout> timers;
    private boolean over;

    Run(Execution<T> execution, int attempt, long startNanos) {
        this.execution = execution;
        this.attempt = attempt;
        this.startNanos = startNanos;
    }

    /**
     * Runs the work on the calling thread.
     *
     * @return what asynchronous work gave to wait for; null if the attempt is over and has been reported
     */
    @Nullable CompletionStage<T> execute(Request<T> request) {
        @Nullable Throwable thrown = null;
        @Nullable T value = null;
        @Nullable CompletionStage<T> pending = null;
        try (ContextCarrier.Scope scope = request.restore()) {
            Objects.requireNonNull(scope);
            if (request.task() != null) {
                value = request.task().run(this);
            } else {
                pending = Objects.requireNonNull(
                        request.asyncTask().start(this), "the stage of an asynchronous task is null");
            }
        } catch (Throwable e) { // whatever it is, it belongs to the caller
            thrown = e;
        } finally {
            if (pending == null) {
                over();
            } else {
                releaseThread();
            }
        }
        if (pending != null) {
            return pending;
        }
        left = execution.attemptOver(this, value, thrown);
        return null;
    }

    long nanos() {
        return endNanos - startNanos;
    }

    // ---- the thread

    /**
     * Guards against race: an interrupt meant for this run arriving in the next one on the same thread
     * (CancelTest.interrupt_arrivesAsRunEnds_neverHitsNextTask).
     */
    @SuppressWarnings("Interruption") // the flag belongs to the run that ends here
    private synchronized void releaseThread() {
        owned = null;
        Thread.interrupted();
    }

    synchronized void interrupt() {
        if (owned != null) {
            owned.interrupt();
        }
    }

    // ---- the end

    /** Why it should stop, null if it need not. */
    @Nullable CancelCause cause() {
        return cause;
    }

    /** Asks it to stop; the first wish counts. */
    void stop(CancelCause wish) {
        List<Runnable> told;
        synchronized (this) {
            if (cause != null || over) {
                return;
            }
            cause = wish;
            told = actions == null ? List.of() : List.copyOf(actions);
        }
        told.forEach(this::tell);
        TypeOptions options = execution.lane.options;
        long interruptAt =
                execution.engine.time.nanoTime() + options.interruptAfter().toNanos();
        if (options.interruptAfter().isZero()) {
            interrupt();
        } else {
            arm(interruptAt, this::interrupt);
        }
        arm(interruptAt + options.abandonAfter().toNanos(), () -> execution.detach(this));
    }

    private void tell(Runnable action) {
        execution.engine.callbacks.execute(() -> {
            try {
                action.run();
            } catch (RuntimeException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "an onCancel action of job type " + execution.lane.type + " threw "
                                + e.getClass().getName() + "; the job is cancelled all the same",
                        e);
            }
        });
    }

    /** Sets a timer that does not outlive the run. */
    void arm(long deadline, Runnable action) {
        synchronized (this) {
            if (!over) {
                if (timers == null) {
                    timers = new ArrayList<>(2);
                }
                timers.add(execution.engine.time.schedule(deadline, action));
            }
        }
    }

    /** Nothing of this run happens any more. */
    void over() {
        List<TimeSource.Timeout> pending;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            actions = null;
            if (owned != null) {
                releaseThread();
            }
            pending = timers == null ? List.of() : timers;
            timers = null;
        }
        pending.forEach(TimeSource.Timeout::cancel);
    }

    // ---- what the work sees

    @Override
    public String jobId() {
        return execution.id();
    }

    @Override
    public String type() {
        return execution.lane.type;
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public void progress(long done, long total, String message) {
        execution.progress(new JobProgress(done, total, message));
    }

    @Override
    public void problem(JobProblem problem) {
        this.problem = Objects.requireNonNull(problem, "problem");
    }

    /** What clients are told of the failure. */
    JobProblem problemOf(Throwable thrown) {
        JobProblem said = problem;
        return said == null ? execution.engine.problemOf(thrown) : said;
    }

    @Override
    public boolean isCancelled() {
        return cause != null;
    }

    @Override
    public void throwIfCancelled() {
        CancelCause asked = cause;
        if (asked != null) {
            throw new JobCancelledException(asked.reason());
        }
    }

    @Override
    public Registration onCancel(Runnable action) {
        Objects.requireNonNull(action, "action");
        synchronized (this) {
            if (cause == null) {
                if (actions == null) {
                    actions = new ArrayList<>();
                }
                actions.add(action);
                return () -> remove(action);
            }
        }
        action.run();
        return () -> {};
    }

    private synchronized void remove(Runnable action) {
        if (actions != null) {
            actions.remove(action);
        }
    }

    @Override
    public long fencingToken() {
        return execution.owner().epoch();
    }
}
