package dev.aside.spring.actuate;

import dev.aside.cache.Cache;
import dev.aside.cache.CacheEvent;
import dev.aside.cache.CacheStats;
import dev.aside.cache.Caches;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/** The meters of all caches in one registry. Thread-safe: registering a meter twice gives the first one. */
final class RegistryMeters {
    private final MeterRegistry registry;
    private final Caches caches;
    private final Set<String> counted = ConcurrentHashMap.newKeySet();
    private final Map<String, EventMeters> told = new ConcurrentHashMap<>();

    RegistryMeters(MeterRegistry registry, Caches caches) {
        this.registry = registry;
        this.caches = caches;
    }

    void start() {
        Gauge.builder("aside.caches", this, RegistryMeters::takeUpNew)
                .description("Caches defined in this process")
                .register(registry);
        takeUpNew();
    }

    void record(CacheEvent event) {
        EventMeters meters = told.get(event.cache());
        if (meters == null) {
            meters = toldOf(event.cache());
            takeUpNew();
        }
        meters.record(event);
    }

    /** Registers the meters of caches that were defined since; gives the number of all. */
    private int takeUpNew() {
        List<Cache<?, ?>> all = caches.all();
        for (Cache<?, ?> cache : all) {
            if (counted.add(cache.name())) {
                count(cache);
                toldOf(cache.name());
            }
        }
        return all.size();
    }

    private EventMeters toldOf(String cache) {
        EventMeters fresh = new EventMeters(registry, cache);
        EventMeters known = told.putIfAbsent(cache, fresh);
        return known == null ? fresh : known;
    }

    private void count(Cache<?, ?> cache) {
        String reads = "Reads answered, by the level that had the value; load is your own method";
        counter(cache, "aside.cache.reads", Tags.of("level", "l1"), CacheStats::localHits, reads);
        counter(cache, "aside.cache.reads", Tags.of("level", "l2"), CacheStats::remoteHits, reads);
        counter(cache, "aside.cache.reads", Tags.of("level", "load"), CacheStats::loads, reads);
        counter(cache, "aside.cache.loads", Tags.empty(), CacheStats::loads, "Keys loaded by your own method");
        counter(cache, "aside.cache.load.failures", Tags.empty(), CacheStats::loadFailures, "Keys whose load failed");
        counter(cache, "aside.cache.stale", Tags.empty(), CacheStats::staleServed, "Reads answered by a stale value");
        counter(
                cache,
                "aside.cache.fills.refused",
                Tags.empty(),
                CacheStats::fillsRefused,
                "Loaded values not kept because they were invalidated meanwhile");
        counter(cache, "aside.cache.puts", Tags.empty(), CacheStats::puts, "Values written through the cache and kept");
        counter(
                cache,
                "aside.cache.invalidations",
                Tags.empty(),
                CacheStats::invalidations,
                "Calls that invalidated entries");
        Gauge.builder("aside.cache.size", cache, held -> held.stats().size())
                .tag("cache", cache.name())
                .description("Entries this process holds")
                .register(registry);
    }

    private void counter(
            Cache<?, ?> cache, String name, Tags tags, ToLongFunction<CacheStats> figure, String description) {
        FunctionCounter.builder(name, cache, counting -> figure.applyAsLong(counting.stats()))
                .tags(tags.and("cache", cache.name()))
                .description(description)
                .register(registry);
    }
}
