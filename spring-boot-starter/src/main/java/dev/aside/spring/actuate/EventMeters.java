package dev.aside.spring.actuate;

import dev.aside.cache.CacheEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** What one cache tells by events and does not count itself. Thread-safe. */
final class EventMeters {
    private final Timer loaded;
    private final Timer failed;
    private final Counter degraded;
    private final Counter putsRefused;
    private final Counter pending;
    private final Counter refused;
    private final Counter refreshesSkipped;

    EventMeters(MeterRegistry registry, String cache) {
        this.loaded = timer(registry, cache, "success");
        this.failed = timer(registry, cache, "failure");
        this.degraded = counter(
                registry,
                cache,
                "aside.cache.reads.degraded",
                "Keys the remote tier could not answer for: loaded, and not kept");
        this.putsRefused = counter(
                registry,
                cache,
                "aside.cache.puts.refused",
                "Values written through the cache and invalidated instead");
        this.pending = counter(
                registry,
                cache,
                "aside.cache.invalidations.pending",
                "Calls whose invalidation could not be delivered at once and is retried");
        this.refused = counter(
                registry,
                cache,
                "aside.cache.invalidations.failed",
                "Calls whose invalidation the remote tier refused; not retried");
        this.refreshesSkipped = counter(
                registry,
                cache,
                "aside.cache.refreshes.skipped",
                "Reloads behind readers not started because as many as allowed were under way");
    }

    void record(CacheEvent event) {
        if (event instanceof CacheEvent.Loaded load) {
            loaded.record(load.took());
        } else if (event instanceof CacheEvent.LoadFailed load) {
            failed.record(load.took());
        } else if (event instanceof CacheEvent.Degraded reads) {
            degraded.increment(reads.keys());
        } else if (event instanceof CacheEvent.Put put) {
            putsRefused.increment(put.stored() ? 0 : 1);
        } else if (event instanceof CacheEvent.InvalidationPending) {
            pending.increment();
        } else if (event instanceof CacheEvent.InvalidationFailed) {
            refused.increment();
        } else if (event instanceof CacheEvent.RefreshSkipped) {
            refreshesSkipped.increment();
        }
    }

    private static Timer timer(MeterRegistry registry, String cache, String result) {
        return Timer.builder("aside.cache.load")
                .tag("cache", cache)
                .tag("result", result)
                .description("How long your own method took, per call")
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String cache, String name, String description) {
        return Counter.builder(name)
                .tag("cache", cache)
                .description(description)
                .register(registry);
    }
}
