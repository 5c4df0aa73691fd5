package dev.aside.cache;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Does something when a load has taken a given time, unless it is cancelled first. Kept by the JDK's one timer thread,
 * which only hands over to the executor; nothing is left behind after a cancel. Thread-safe.
 */
final class LoadTimer {
    private static final LoadTimer NONE = new LoadTimer();

    private final CompletableFuture<Void> due = new CompletableFuture<>();

    private LoadTimer() {}

    /** A timer; for a time of zero one that is never due. */
    static LoadTimer start(Duration time, Executor executor, Runnable action) {
        if (time.isZero()) {
            return NONE;
        }
        LoadTimer timer = new LoadTimer();
        timer.due.thenRunAsync(action, executor);
        timer.due.completeOnTimeout(null, time.toNanos(), TimeUnit.NANOSECONDS);
        return timer;
    }

    void cancel() {
        if (this != NONE) {
            due.cancel(false);
        }
    }
}
