package dev.aside.offload.testing;

import dev.aside.offload.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * A time that stands still until a test turns it. Timers run on the turning thread, in order of their deadlines; parked
 * threads wake when their deadline is reached.
 *
 * <p>Thread-safe.
 */
public final class ManualTime implements TimeSource {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final List<Sleeper> sleepers = new ArrayList<>();
    private long nanos;
    private long sequence;

    @Override
    public synchronized long nanoTime() {
        return nanos;
    }

    @Override
    public synchronized Instant instant() {
        return START.plusNanos(nanos);
    }

    /** Turns the time on and runs every timer that comes due on the way, at its own time. */
    public void advance(Duration by) {
        long target;
        synchronized (this) {
            target = nanos + by.toNanos();
        }
        while (true) {
            Timer due;
            synchronized (this) {
                Timer first = timers.peek();
                if (first == null || first.deadline - target > 0) {
                    nanos = target;
                    break;
                }
                due = timers.remove();
                nanos = Math.max(nanos, due.deadline);
            }
            wakeSleepers();
            due.action.run();
        }
        wakeSleepers();
    }

    /** Lets time pass without any timer running, as if the process were paused; they run with the next advance. */
    public void pause(Duration by) {
        synchronized (this) {
            nanos += by.toNanos();
        }
        wakeSleepers();
    }

    private synchronized void wakeSleepers() {
        for (Sleeper sleeper : sleepers) {
            if (sleeper.deadline - nanos <= 0) {
                LockSupport.unpark(sleeper.thread);
            }
        }
    }

    /** How many threads of these are parked until a time at the moment. */
    public synchronized int parked(Predicate<Thread> which) {
        return (int)
                sleepers.stream().filter(sleeper -> which.test(sleeper.thread)).count();
    }

    /** How many timers are set. */
    public synchronized int timers() {
        return timers.size();
    }

    @Override
    public void parkUntil(Object blocker, long deadlineNanos) {
        Sleeper sleeper = new Sleeper(Thread.currentThread(), deadlineNanos);
        synchronized (this) {
            if (deadlineNanos - nanos <= 0) {
                return;
            }
            sleepers.add(sleeper);
        }
        try {
            LockSupport.park(blocker);
        } finally {
            synchronized (this) {
                sleepers.remove(sleeper);
            }
        }
    }

    @Override
    public synchronized Timeout schedule(long deadlineNanos, Runnable action) {
        Timer timer = new Timer(deadlineNanos, sequence++, action);
        timers.add(timer);
        return () -> {
            synchronized (this) {
                timers.remove(timer);
            }
        };
    }

    @Override
    public synchronized void close() {
        timers.clear();
    }

    private record Sleeper(Thread thread, long deadline) {}

    private record Timer(long deadline, long sequence, Runnable action) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            int byTime = Long.signum(deadline - other.deadline);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }
}
