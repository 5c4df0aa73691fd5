package dev.aside.cache.redis.torture;

import java.time.Duration;

/**
 * Something that goes wrong for a while.
 *
 * @param kind what it is, for the counts
 * @param lasts how long
 * @param reach what of the cluster it concerns
 * @param begin makes it happen; what it returns ends it
 */
record Fault(String kind, Duration lasts, Reach reach, Begin begin) {

    /** What a fault concerns. */
    enum Reach {
        /** Some of the nodes, or none. */
        SOME,
        /** Every node is without Redis. */
        ALL,
        /** A process of its own is killed in the middle of its writes: they are bounded by the ttl. */
        LOST_WRITES
    }

    /** Begins a fault. */
    interface Begin {
        Runnable on(World world);
    }

    @Override
    public String toString() {
        return kind + " for " + lasts.toMillis() + " ms";
    }
}
