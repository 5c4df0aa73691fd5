package dev.aside.offload.spi;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;

/**
 * All time there is for the executor: elapsed, wall, timers, timed waits. Replaced in tests by one that is turned by
 * hand. Thread-safe.
 */
public interface TimeSource extends InstantSource, AutoCloseable {
    /** The time of the machine. Its timer thread is started with the first timer. */
    static TimeSource system() {
        return new SystemTime();
    }

    /** Elapsed nanoseconds since an arbitrary origin; compared by subtraction only. */
    long nanoTime();

    /** The wall clock. Never compared with the clock of another process. */
    @Override
    Instant instant();

    /**
     * Parks the calling thread until it is unparked, interrupted, or {@link #nanoTime()} reaches the deadline. May
     * return for no reason, as {@link LockSupport#park(Object)} may.
     */
    void parkUntil(Object blocker, long deadlineNanos);

    /**
     * Parks the calling thread until it is unparked or interrupted, without setting a timer. May return for no reason,
     * as {@link LockSupport#park(Object)} may.
     */
    default void park(Object blocker) {
        LockSupport.park(blocker);
    }

    /**
     * Runs the action once when {@link #nanoTime()} has reached the deadline. The action must return at once and must
     * not throw; it runs on the timer's thread.
     */
    Timeout schedule(long deadlineNanos, Runnable action);

    /** Drops all timers. Idempotent. */
    @Override
    void close();

    /** A pending timer. */
    @FunctionalInterface
    interface Timeout {
        /** Makes sure the action does not begin any more, if it has not. Idempotent. */
        void cancel();
    }
}
