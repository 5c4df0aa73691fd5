package dev.aside.offload;

import dev.aside.offload.spi.TimeSource;
import java.time.Instant;

/** Another time, for a test that changes one thing about it. */
class ForwardingTime implements TimeSource {
    private final TimeSource time;

    ForwardingTime(TimeSource time) {
        this.time = time;
    }

    @Override
    public long nanoTime() {
        return time.nanoTime();
    }

    @Override
    public Instant instant() {
        return time.instant();
    }

    @Override
    public void park(Object blocker) {
        time.park(blocker);
    }

    @Override
    public void parkUntil(Object blocker, long deadlineNanos) {
        time.parkUntil(blocker, deadlineNanos);
    }

    @Override
    public Timeout schedule(long deadlineNanos, Runnable action) {
        return time.schedule(deadlineNanos, action);
    }

    @Override
    public void close() {
        time.close();
    }
}
