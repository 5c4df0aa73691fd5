package dev.aside.offload;

import dev.aside.offload.spi.TimeSource;
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
    private volatile @Nullable Execution<?> given;
    private volatile @Nullable Execution<?> execution;
    private volatile @Nullable Thread thread;

    Worker(Dispatcher dispatcher, TimeSource time, boolean reusable, Execution<?> first) {
        this.dispatcher = dispatcher;
        this.time = time;
        this.reusable = reusable;
        this.given = first;
    }

    /** Hands work to this idle worker, which the caller has taken out of the dispatcher's idle ones. */
    void give(Execution<?> execution) {
        given = execution;
        wake();
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
        Execution<?> next = given;
        while (next != null) {
            given = null;
            execution = next;
            Left left = next.run();
            execution = null;
            next = next.leave(left, reusable ? this : null);
            if (next == null && reusable) {
                next = idle();
            }
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // it only makes things faster, nothing depends on it
    private @Nullable Execution<?> idle() {
        // the caller that was just answered often comes with more: cheaper to be met awake than to be woken
        Thread.yield();
        long until = time.nanoTime() + KEEP_ALIVE_NANOS;
        while (true) {
            Execution<?> next = given;
            if (next != null) {
                return next;
            }
            if (time.nanoTime() - until >= 0 || dispatcher.isClosed()) {
                if (dispatcher.retire(this)) {
                    return null;
                }
                Thread.onSpinWait(); // work is on its way, a few instructions off
            } else {
                time.parkUntil(this, until);
            }
        }
    }
}
