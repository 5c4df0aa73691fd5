package dev.aside.offload;

import dev.aside.offload.spi.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The way from the wish to stop to the end, in three stages: the work is told, its thread is interrupted, it is given
 * up.
 *
 * <p>Thread-safe. The monitor guards the lists; {@code cause} is written under it and read without. Actions of users
 * run outside of it.
 */
final class Cancellation {
    private static final System.Logger LOG = System.getLogger(Cancellation.class.getName());

    private final Execution<?> execution;
    private volatile @Nullable CancelCause cause;
    private @Nullable List<Runnable> actions;
    private @Nullable List<TimeSource.Timeout> timers;
    private boolean over;

    Cancellation(Execution<?> execution) {
        this.execution = execution;
    }

    /** Why the work should stop, null if it need not. */
    @Nullable CancelCause cause() {
        return cause;
    }

    /** The first wish counts; false for any later one. */
    synchronized boolean begin(CancelCause wish) {
        if (cause != null || over) {
            return false;
        }
        cause = wish;
        return true;
    }

    /** Tells the work, and sets the timers of the harder stages. */
    void escalate(TypeOptions options) {
        List<Runnable> told;
        synchronized (this) {
            told = actions == null ? List.of() : List.copyOf(actions);
        }
        told.forEach(this::tell);
        long interruptAt =
                execution.engine.time.nanoTime() + options.interruptAfter().toNanos();
        if (options.interruptAfter().isZero()) {
            execution.interrupt();
        } else {
            arm(interruptAt, execution::interrupt);
        }
        arm(interruptAt + options.abandonAfter().toNanos(), execution::detach);
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

    private void arm(long deadline, Runnable action) {
        synchronized (this) {
            if (!over) {
                if (timers == null) {
                    timers = new ArrayList<>(2);
                }
                timers.add(execution.engine.time.schedule(deadline, action));
            }
        }
    }

    JobContext.Registration onCancel(Runnable action) {
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

    /** The work is over: no further stage. */
    void over() {
        List<TimeSource.Timeout> pending;
        synchronized (this) {
            over = true;
            actions = null;
            pending = timers == null ? List.of() : timers;
            timers = null;
        }
        pending.forEach(TimeSource.Timeout::cancel);
    }
}
