package dev.aside.spring.cache;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A point in a thread's way where a test stops it: it reports its arrival and waits to be let through. */
final class Gate {
    private static final long PATIENCE_SECONDS = 30;

    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    void pass() {
        arrived.countDown();
        await(open);
    }

    void awaitArrival() {
        await(arrived);
    }

    void open() {
        open.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody came within " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
