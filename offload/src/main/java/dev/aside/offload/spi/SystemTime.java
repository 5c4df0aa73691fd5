package dev.aside.offload.spi;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The time of the machine, with one timer thread that starts when it is needed. */
final class SystemTime implements TimeSource {
    private final InstantSource wall = Clock.systemUTC();
    private @Nullable ScheduledThreadPoolExecutor timer;
    private boolean closed;

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant instant() {
        return wall.instant();
    }

    @Override
    public void parkUntil(Object blocker, long deadlineNanos) {
        LockSupport.parkNanos(blocker, deadlineNanos - System.nanoTime());
    }

    @Override
    public Timeout schedule(long deadlineNanos, Runnable action) {
        ScheduledThreadPoolExecutor running = timer();
        if (running == null) {
            return () -> {};
        }
        ScheduledFuture<?> future = running.schedule(action, deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    private synchronized @Nullable ScheduledThreadPoolExecutor timer() {
        if (timer == null && !closed) {
            ScheduledThreadPoolExecutor created = new ScheduledThreadPoolExecutor(1, task -> {
                Thread thread = new Thread(task, "aside-offload-timer");
                thread.setDaemon(true);
                return thread;
            });
            created.setRemoveOnCancelPolicy(true);
            created.setRejectedExecutionHandler((task, executor) -> {}); // a timer after close has nothing to do
            timer = created;
        }
        return timer;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (timer != null) {
            timer.shutdownNow();
        }
    }
}
