package dev.aside.benchmarks.jobs;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Counts jobs that begin. Static, because JobRunr stores the name of a method. Thread-safe; one measurement at a time. */
public final class Starts {
    private static volatile CountDownLatch expected = new CountDownLatch(0);
    private static volatile long lastNanos;

    private Starts() {}

    /** A job begins. */
    public static void begun() {
        lastNanos = System.nanoTime();
        expected.countDown();
    }

    /** What JobRunr stores. */
    public static void begun(String payload) {
        if (payload.isEmpty()) {
            throw new IllegalArgumentException("no payload");
        }
        begun();
    }

    static void expect(int jobs) {
        expected = new CountDownLatch(jobs);
    }

    /** When the last of the expected jobs began, by {@link System#nanoTime}. */
    static long await(int seconds) throws InterruptedException {
        if (!expected.await(seconds, TimeUnit.SECONDS)) {
            throw new IllegalStateException(expected.getCount() + " jobs have not begun within " + seconds + " s");
        }
        return lastNanos;
    }
}
