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
    private final Deque<End> ends = new ArrayDeque<>();
    private long bytes;
    private @Nullable Long heldNanos;

    RecentEnds(TimeSource time) {
        this.time = time;
    }

    /** Arguments of the script that ended a job. */
    record End(int shard, List<Object> args, long size, long nanos) {}

    synchronized void add(int shard, List<Object> args) {
        long size = 0;
        for (Object arg : args) {
            size += arg instanceof byte[] value ? value.length : 64;
        }
        if (size > MOST_BYTES / 4) {
            return;
        }
        ends.addLast(new End(shard, args, size, time.nanoTime()));
        bytes += size;
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
            bytes -= ends.removeFirst().size;
        }
    }

    synchronized List<End> all() {
        trim();
        return new ArrayList<>(ends);
    }
}
