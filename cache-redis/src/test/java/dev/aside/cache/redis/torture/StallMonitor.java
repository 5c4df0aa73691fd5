package dev.aside.cache.redis.torture;

import java.util.concurrent.atomic.AtomicLong;

/** Measures how long this process is given no processor: a busy machine is not the caches' fault. */
final class StallMonitor {
    private static final long PERIOD_MILLIS = 5;

    private final AtomicLong longest = new AtomicLong();

    StallMonitor() {
        Thread thread = new Thread(this::watch, "torture-stalls");
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        long before = System.nanoTime();
        while (true) {
            try {
                Thread.sleep(PERIOD_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
            long now = System.nanoTime();
            longest.accumulateAndGet(now - before, Math::max);
            before = now;
        }
    }

    /** The longest since the last call. */
    long take() {
        return longest.getAndSet(0);
    }
}
