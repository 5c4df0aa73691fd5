package dev.aside.offload;

import dev.aside.offload.spi.TimeSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The workers that wait for work, as a stack: who came to rest last is warm, who lies at the bottom is not needed. They
 * wait without a time limit, as each timed wait would set and drop a timer of the kernel; one timer ends those that were
 * idle for 30 to 60 s.
 *
 * <p>Guarded by the dispatcher's lock, except {@link #sweepLater}, which is thread-safe.
 */
final class IdleWorkers {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final TimeSource time;
    private final Runnable sweep;
    private final ArrayDeque<Worker> stack = new ArrayDeque<>();
    private final AtomicBoolean timerSet = new AtomicBoolean();
    /** How many were idle at the least since the last sweep. */
    private int fewest;

    /**
     * @param sweep takes the lock, calls {@link #endUnneeded}, wakes what that returns and calls {@link #sweepLater}
     */
    IdleWorkers(TimeSource time, Runnable sweep) {
        this.time = time;
        this.sweep = sweep;
    }

    void push(Worker worker) {
        stack.push(worker);
    }

    @Nullable Worker poll() {
        Worker worker = stack.poll();
        fewest = Math.min(fewest, stack.size());
        return worker;
    }

    boolean isEmpty() {
        return stack.isEmpty();
    }

    /** Makes sure that there will be a sweep. To be called after {@link #push}, without the lock. */
    void sweepLater() {
        if (!timerSet.get() && timerSet.compareAndSet(false, true)) {
            try {
                time.schedule(time.nanoTime() + PERIOD_NANOS, sweep);
            } catch (OutOfMemoryError noThread) {
                timerSet.set(false); // the machine gives no thread for timers; the next one that rests tries again
            }
        }
    }

    /**
     * Takes out those that were idle ever since the last sweep.
     *
     * @return the workers to wake, so that they end
     */
    List<Worker> endUnneeded() {
        // under the lock, so that who comes to rest sees it, or is seen in the stack
        timerSet.set(false);
        List<Worker> ending = end(fewest);
        fewest = stack.size();
        return ending;
    }

    /** Takes out all. */
    List<Worker> endAll() {
        return end(stack.size());
    }

    private List<Worker> end(int count) {
        List<Worker> ending = new ArrayList<>(count);
        while (ending.size() < count) {
            Worker worker = stack.removeLast();
            worker.end();
            ending.add(worker);
        }
        fewest = Math.min(fewest, stack.size());
        return ending;
    }
}
