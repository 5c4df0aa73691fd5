package dev.aside.benchmarks.cache;

import dev.aside.cache.Cache;
import dev.aside.cache.Caches;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A cache into which another thread brings a new entry every other millisecond, so that the eviction hears of every hit. */
@State(Scope.Benchmark)
public class Influx {
    private static final long PAUSE_NANOS = 2_000_000;

    private final Caches caches = Caches.builder().policy(HitBenchmark.policy()).build();
    final Cache<Long, Product> cache = caches.cache("influx", Long.class, Product.class, "bench");
    private final Thread thread = new Thread(this::bring, "influx");
    private volatile boolean over;

    /** Fills the cache and begins. */
    @Setup
    public void begin() {
        for (long key : HitKeys.all()) {
            cache.get(key, HitBenchmark.LOADER);
            cache.get(-key, HitBenchmark.LOADER); // full
        }
        thread.start();
    }

    private void bring() {
        for (long key = -1_000_000; !over; key--) {
            cache.get(key, HitBenchmark.LOADER);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Ends the thread. */
    @TearDown
    public void end() throws InterruptedException {
        over = true;
        thread.join();
        caches.close();
    }
}
