package dev.aside.offload;

import dev.aside.offload.spi.TimeSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The loop of one thread: run, ask the dispatcher for more, idle, end. An idle platform thread waits for work until the
 * dispatcher ends it; a virtual thread ends at once.
 */
final class Worker implements Runnable {
    private final Dispatcher dispatcher;
    private final TimeSource time;
    private final boolean reusable;
    /** What it begins with; forgotten then. */
    private @Nullable Execution<?> first;
    /** Set under the dispatcher's lock as it leaves the idle ones; taken by its thread. */
    private volatile Order order = Order.NONE;

    /** A moment is one yield here, and to be woken costs more than many. */
    private final AdaptiveSpin spin = new AdaptiveSpin(8);

    private final AtomicReference<@Nullable Execution<?>> execution = new AtomicReference<>();
    private volatile @Nullable Thread thread;

    /** What the dispatcher wants of an idle worker. */
    private enum Order {
        NONE,
        COME,
        END
    }

    Worker(Dispatcher dispatcher, TimeSource time, boolean reusable, Execution<?> first) {
        this.dispatcher = dispatcher;
        this.time = time;
        this.reusable = reusable;
        this.first = first;
    }

    /** Asked only of a worker that could not be started. */
    Execution<?> first() {
        return Objects.requireNonNull(first, "it has begun");
    }

    boolean isRunning() {
        return thread != null;
    }

    /** There is something to come for; the caller wakes it afterwards. */
    void call() {
        order = Order.COME;
    }

    /** There will be nothing for it; the caller wakes it afterwards. */
    void end() {
        order = Order.END;
    }

    void wake() {
        LockSupport.unpark(thread);
    }

    /** What runs on this thread, null while it is idle. */
    @Nullable Execution<?> execution() {
        return execution.get();
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        Execution<?> next = first;
        first = null;
        while (next != null) {
            execution.lazySet(next); // others look at it when all ends only, so it need not be seen at once
            TypeLane lane = next.lane;
            Crowd crowd = next.engine.crowd;
            Left left = next.run();
            execution.lazySet(null);
            next = next.leave(left, reusable ? this : null);
            if (next == null && reusable) {
                next = idle(lane, crowd);
            }
        }
    }

    /** Whoever was just answered may have more to do. */
    private @Nullable Execution<?> idle(TypeLane lane, Crowd crowd) {
        Execution<?> next = dispatcher.takeOver();
        int spinning = next == null ? spin.begin() : 0;
        if (spinning > 0) {
            next = lookOn(spinning, lane, crowd);
        }
        if (next == null) {
            next = dispatcher.come(this);
        }
        while (next == null) {
            while (order == Order.NONE) {
                dispatcher.sweepLater();
                time.park(this); // without a limit: each timed wait would set a timer of the kernel
            }
            if (order == Order.END) {
                return null;
            }
            order = Order.NONE;
            next = dispatcher.come(this);
        }
        return next;
    }

    @SuppressWarnings("ThreadPriorityCheck") // a hint that saves a sleep; nothing depends on it
    private @Nullable Execution<?> lookOn(int spinning, TypeLane lane, Crowd crowd) {
        long begin = time.nanoTime();
        long runs = lane.runs();
        Thread.yield();
        Execution<?> next = dispatcher.takeOver();
        long nanos = time.nanoTime() - begin;
        boolean lost = AdaptiveSpin.isLong(nanos) && !crowd.explains(nanos, lane.runs() - runs, lane.thresholdNanos);
        spin.ended(spinning, next != null, lost);
        return next;
    }
}
