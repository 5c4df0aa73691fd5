package dev.aside.offload.redis;

import dev.aside.offload.spi.TimeSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What was ended in the last minute, to be said again after a reconnection: a failover may have lost it, and without it
 * the job would run a second time. While Redis is away nothing grows older. Bounded by number and bytes, the oldest go
 * first. Thread-safe.
 */
final class RecentEnds {
    private static final long AGE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int MOST = 1_000;
    private static final long MOST_BYTES = 4L << 20;

    private final TimeSource time;
    private final Deque<Written> ends = new ArrayDeque<>();
    private long bytes;
    private @Nullable Long heldNanos;

    RecentEnds(TimeSource time) {
        this.time = time;
    }

    /** An end that was written. */
    record Written(int shard, EndWriter.End end, long nanos) {}

    synchronized void add(int shard, EndWriter.End end) {
        if (end.size() > MOST_BYTES / 4) {
            return;
        }
        ends.addLast(new Written(shard, end, time.nanoTime()));
        bytes += end.size();
        trim();
    }

    /** Redis is away from now on. */
    synchronized void hold() {
        if (heldNanos == null) {
            heldNanos = time.nanoTime();
        }
    }

    /** It has been told. */
    synchronized void release() {
        heldNanos = null;
    }

    private void trim() {
        long now = heldNanos == null ? time.nanoTime() : heldNanos;
        while (!ends.isEmpty()
                && (ends.size() > MOST || bytes > MOST_BYTES || now - ends.getFirst().nanos > AGE_NANOS)) {
            bytes -= ends.removeFirst().end.size();
        }
    }

    synchronized List<Written> all() {
        trim();
        return new ArrayList<>(ends);
    }
}
