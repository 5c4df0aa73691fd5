package dev.aside.cache;

import java.util.concurrent.atomic.LongAdder;

/** The counters behind {@link CacheStats}. Thread-safe. */
final class StatsCounter {
    final HitCounter localHits = new HitCounter();
    final LongAdder remoteHits = new LongAdder();
    final LongAdder loads = new LongAdder();
    final LongAdder loadFailures = new LongAdder();
    final LongAdder staleServed = new LongAdder();
    final LongAdder fillsRefused = new LongAdder();
    final LongAdder invalidations = new LongAdder();
    final LongAdder puts = new LongAdder();

    CacheStats snapshot(long size) {
        return new CacheStats(
                localHits.sum(),
                remoteHits.sum(),
                loads.sum(),
                loadFailures.sum(),
                staleServed.sum(),
                fillsRefused.sum(),
                invalidations.sum(),
                puts.sum(),
                size);
    }
}
