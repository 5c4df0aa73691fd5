package dev.aside.testkit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waiting for a server, by asking again after short pauses: servers have no other way to say that they are ready. */
final class Waiting {
    private Waiting() {}

    /** Asks until the answer is true; false if it still is not after the timeout. */
    static boolean until(Duration timeout, Duration pause, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > timeout.toNanos()) {
                return false;
            }
            try {
                TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            } catch (InterruptedException e) {
                throw GuardedProcess.interrupted("waiting for a test server", e);
            }
        }
        return true;
    }
}
