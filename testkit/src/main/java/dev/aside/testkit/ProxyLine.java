package dev.aside.testkit;

import java.util.concurrent.atomic.AtomicLong;

/** The faults of one direction of a proxy, for all its connections. Confined to the loop's thread, but for the counter. */
final class ProxyLine {
    static final long NEVER = Long.MAX_VALUE;

    final AtomicLong bytes = new AtomicLong();

    long delayNanos;
    boolean held;
    long bytesPerSecond; // 0 = no limit
    long cutAfter = NEVER; // bytes until one connection is reset

    ProxyLine() {}

    void clear() {
        delayNanos = 0;
        held = false;
        bytesPerSecond = 0;
        cutAfter = NEVER;
    }

    /** How many bytes may go in one piece: a tenth of a second's worth under a limit. */
    int piece(int wanted) {
        long most = bytesPerSecond == 0 ? wanted : Math.max(1, bytesPerSecond / 10);
        return (int) Math.min(wanted, Math.min(most, cutAfter));
    }

    /** Counts bytes that went; true if they were the last before the cut. */
    boolean passed(int count) {
        bytes.addAndGet(count);
        if (cutAfter == NEVER) {
            return false;
        }
        cutAfter -= count;
        if (cutAfter > 0) {
            return false;
        }
        cutAfter = NEVER;
        return true;
    }

    /** How long a connection must pause after so many bytes. */
    long pauseNanos(int count) {
        return bytesPerSecond == 0 ? 0 : count * 1_000_000_000L / bytesPerSecond;
    }
}
