package dev.aside.offload;

import dev.aside.offload.spi.TimeSource;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The loop of one thread: run, ask the dispatcher for more, idle, end. An idle platform thread waits for work for a
 * while; a virtual thread ends at once.
 */
final class Worker implements Runnable {
    private static final long KEEP_ALIVE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Dispatcher dispatcher;
    private final TimeSource time;
    private final boolean reusable;
    /** What it begins with; forgotten then. */
    private @Nullable Execution<?> first;
    /** Whether the dispatcher has something for it; set under the dispatcher's lock as it leaves the idle ones. */
    private volatile boolean called;

    private volatile @Nullable Execution<?> execution;
    private volatile @Nullable Thread thread;

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
        called = true;
    }

    void wake() {
        LockSupport.unpark(thread);
    }

    /** What runs on this thread, null while it is idle. */
    @Nullable Execution<?> execution() {
        return execution;
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        Execution<?> next = first;
        first = null;
        while (next != null) {
            execution = next;
            Left left = next.run();
            execution = null;
            next = next.leave(left, reusable ? this : null);
            if (next == null && reusable) {
                next = idle();
            }
        }
    }

    private @Nullable Execution<?> idle() {
        long until = time.nanoTime() + KEEP_ALIVE_NANOS;
        while (true) {
            if (called) {
                called = false;
                Execution<?> next = dispatcher.come(this);
                if (next != null) {
                    return next;
                }
                until = time.nanoTime() + KEEP_ALIVE_NANOS;
            } else if (time.nanoTime() - until >= 0 || dispatcher.isClosed()) {
                if (dispatcher.retire(this)) {
                    return null;
                }
            } else {
                time.parkUntil(this, until);
            }
        }
    }
}
