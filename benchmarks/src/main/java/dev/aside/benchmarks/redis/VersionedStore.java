package dev.aside.benchmarks.redis;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A database of versions that knows what each read must have seen. Thread-safe.
 *
 * <p>A read that begins at or after the bound from the moment the invalidation of a write returned must return that
 * write's version or a later one.
 */
final class VersionedStore {
    private final long boundNanos;
    private final ConcurrentMap<Integer, Row> rows = new ConcurrentHashMap<>();
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong old = new AtomicLong();
    private final AtomicLong violations = new AtomicLong();
    private final AtomicLong oldest = new AtomicLong();

    VersionedStore(long boundNanos) {
        this.boundNanos = boundNanos;
    }

    /** One row: its version, and when the invalidations of its last writes returned. */
    private static final class Row {
        private static final int REMEMBERED = 64;
        private static final long NOT_YET = Long.MIN_VALUE;

        private final long[] returnedAt = new long[REMEMBERED];
        private volatile long version;

        synchronized long write() {
            returnedAt[(int) (++version % REMEMBERED)] = NOT_YET;
            return version;
        }

        synchronized void invalidated(long written, long at) {
            if (version - written < REMEMBERED) {
                returnedAt[(int) (written % REMEMBERED)] = at;
            }
        }

        /** How long before an instant the first of those invalidations returned that a version misses; -1 if none did. */
        synchronized long age(long seen, long now) {
            long age = -1;
            for (long missed = Math.max(seen + 1, version - REMEMBERED + 1); missed <= version; missed++) {
                long at = returnedAt[(int) (missed % REMEMBERED)];
                if (at != NOT_YET) {
                    age = Math.max(age, now - at);
                }
            }
            return age;
        }
    }

    private Row row(int key) {
        return rows.computeIfAbsent(key, missing -> new Row());
    }

    /** The version of now, as a load would find it. */
    long load(int key) {
        return row(key).version;
    }

    /** Writes, and says which version. */
    long write(int key) {
        return row(key).write();
    }

    /** The invalidation of a write returned. */
    void invalidated(int key, long version) {
        row(key).invalidated(version, System.nanoTime());
    }

    /** Checks what a read returned that began at an instant. */
    void check(int key, long version, long beganAt) {
        reads.incrementAndGet();
        long age = row(key).age(version, beganAt);
        if (age >= 0) {
            old.incrementAndGet();
            oldest.accumulateAndGet(age, Math::max);
            if (age >= boundNanos) {
                violations.incrementAndGet();
            }
        }
    }

    long reads() {
        return reads.get();
    }

    /** Reads that began after an invalidation returned and did not see its write: within the bound this may be. */
    long oldReads() {
        return old.get();
    }

    /** The same beyond the bound: this may not be. */
    long violations() {
        return violations.get();
    }

    /** The greatest age of an old read, in nanoseconds. */
    long oldestNanos() {
        return oldest.get();
    }
}
