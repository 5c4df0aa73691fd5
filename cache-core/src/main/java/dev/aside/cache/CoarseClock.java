package dev.aside.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * {@link System#nanoTime()} read once in a millisecond by a thread of its own, because reading it costs a local hit more
 * than everything else in it. One per process, for all {@link Caches}.
 *
 * <p>Thread-safe. The time never runs ahead; it lags by a millisecond, or by as long as the thread
 * does not get a processor. So it may only decide what is allowed to be late: when an entry of this process grows old, and of
 * which reads the eviction hears.
 * Whether an invalidation may have been missed is not for this clock, which stands still for a moment after the whole
 * process was paused.
 *
 * <p>The thread is a daemon, begins with the first reading, and sleeps while nobody reads.
 */
final class CoarseClock implements Ticker {
    static final CoarseClock INSTANCE = new CoarseClock();

    private static final long TICK_NANOS = 1_000_000;

    /** After this many ticks without a reading the thread goes to sleep. */
    private static final int PATIENCE = 1_000;

    /** What {@code time} holds while nobody keeps it. */
    private static final long ASLEEP = Long.MIN_VALUE;

    private final AtomicLong time = new AtomicLong(ASLEEP);

    /** Whether anybody has read since the thread last looked. Racy on purpose: a lost write costs one wake-up. */
    private boolean read;

    /** Guarded by this. */
    private @Nullable Thread keeper;

    private CoarseClock() {}

    @Override
    public long read() {
        if (!read) {
            read = true;
        }
        long now = time.getOpaque();
        return now == ASLEEP ? wake() : now;
    }

    /** The exact time, for this one reading; the next ones find the thread at work. */
    private synchronized long wake() {
        if (keeper == null) {
            keeper = new Thread(this::keep, "aside-clock");
            keeper.setDaemon(true);
            keeper.start();
        } else {
            LockSupport.unpark(keeper);
        }
        return System.nanoTime();
    }

    private void keep() {
        int unread = 0;
        while (true) {
            long now = System.nanoTime();
            time.setOpaque(now == ASLEEP ? now + 1 : now);
            LockSupport.parkNanos(this, TICK_NANOS);
            unread = read ? 0 : unread + 1;
            read = false;
            if (unread == PATIENCE) {
                sleep();
                unread = 0;
            }
        }
    }

    private void sleep() {
        time.setOpaque(ASLEEP);
        // whoever reads from here on wakes it up; a permit given before the park ends it at once
        LockSupport.park(this);
    }

    /** Whether the thread is asleep or not there: for tests. */
    boolean asleep() {
        return time.getOpaque() == ASLEEP;
    }
}
