package dev.aside.cache.redis.torture;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** How loaders misbehave at present. Thread-safe. */
final class LoaderFaults {
    /** What a loader throws. */
    static final class LoadFault extends RuntimeException {
        private static final long serialVersionUID = 1;

        LoadFault() {
            super("the database is not there");
        }
    }

    private volatile double share;
    private volatile long delayNanos;
    private volatile boolean fails;

    /**
     * @param faulty share of the loads concerned, 0 to 1
     * @param nanos how much later these end
     * @param failing whether they then throw, or find nothing, rather than answer
     */
    void set(double faulty, long nanos, boolean failing) {
        share = faulty;
        delayNanos = nanos;
        fails = failing;
    }

    void none() {
        set(0, 0, false);
    }

    /** The version to answer with: what was read is handed over late, if at all. */
    Item answer(Item item) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        if (random.nextDouble() >= share) {
            return item;
        }
        long until = System.nanoTime() + (long) (delayNanos * random.nextDouble());
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        if (fails && random.nextBoolean()) {
            throw new LoadFault();
        }
        return fails ? null : item;
    }
}
