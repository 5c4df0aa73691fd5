package dev.aside.cache;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs the steps of an asynchronous pipeline on the thread that waits for its end, so that a blocking read runs the
 * user's method on the caller's own thread, with its transaction and its thread-locals.
 *
 * <p>Thread-safe: any thread may add steps; only the caller runs them. Steps that arrive after the caller has left run on
 * the executor given for that.
 */
final class CallerExecutor implements Executor {
    private final Executor afterwards;
    private final Thread caller = Thread.currentThread();
    private final Deque<Runnable> steps = new ArrayDeque<>();
    private boolean left;

    CallerExecutor(Executor afterwards) {
        this.afterwards = afterwards;
    }

    @Override
    public void execute(Runnable step) {
        if (add(step)) {
            wake();
        } else {
            afterwards.execute(step);
        }
    }

    private void wake() {
        if (Thread.currentThread() != caller) { // who runs a step looks for the next one by itself
            LockSupport.unpark(caller);
        }
    }

    /**
     * Runs steps until the future is done. Not interruptible: what it waits for is the remote tier, which has a time
     * limit of its own; an interrupt is kept for the caller.
     */
    void runUntilDone(CompletableFuture<?> end) {
        if (end.isDone()) {
            leave();
            return;
        }
        end.whenComplete((value, failure) -> wake());
        boolean interrupted = false;
        while (!end.isDone()) {
            Runnable step = poll();
            if (step != null) {
                step.run();
            } else { // parked, not waiting: a monitor that is waited on costs more than the whole rest of a remote hit
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        }
        leave();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean add(Runnable step) {
        return !left && steps.add(step);
    }

    private synchronized @Nullable Runnable poll() {
        return steps.poll();
    }

    private void leave() {
        Deque<Runnable> rest;
        synchronized (this) {
            left = true;
            rest = new ArrayDeque<>(steps);
            steps.clear();
        }
        rest.forEach(afterwards::execute);
    }
}
