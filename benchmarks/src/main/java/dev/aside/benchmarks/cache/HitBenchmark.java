package dev.aside.benchmarks.cache;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.aside.cache.Cache;
import dev.aside.cache.Caches;
import dev.aside.cache.TtlPolicy;
import dev.aside.cache.annotation.Cached;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A hit that leaves at once: raw Caffeine of the same size and keys, this library on top of it with statistics,
 * refresh-ahead and stale-if-error, and reading the clock, which is what a remote tier adds to it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HitBenchmark {
    private static final long SIZE = 2L * HitKeys.KEYS;
    static final Function<Long, @Nullable Product> LOADER = Product::of;

    private final com.github.benmanes.caffeine.cache.Cache<Long, Product> raw =
            Caffeine.newBuilder().maximumSize(SIZE).build();
    private final Caches local = Caches.builder().policy(policy()).build();
    private final Caches remote =
            Caches.builder().policy(policy()).remote(new ClockedTier()).build();
    private final Cache<Long, Product> cache = local.cache("product", Long.class, Product.class, "bench");
    private final Cache<Long, Product> remoteCache = remote.cache("product", Long.class, Product.class, "bench");
    private final Products annotated = local.proxy(Products.class, Product::of);
    private final MaybeProducts optional = local.proxy(MaybeProducts.class, id -> Optional.of(Product.of(id)));

    /** The annotated method. */
    public interface Products {
        /** A product. */
        @Cached(name = "annotated", policy = "bench")
        Product byId(long id);
    }

    /** The annotated method that returns an Optional. */
    public interface MaybeProducts {
        /** A product, or nothing. */
        @Cached(name = "optional", policy = "bench")
        Optional<Product> byId(long id);
    }

    static TtlPolicy policy() {
        return TtlPolicy.named("bench")
                .ttl(Duration.ofHours(2))
                .localTtl(Duration.ofHours(2))
                .jitter(0.1)
                .refreshAhead(0.8)
                .staleIfError(Duration.ofHours(6))
                .maximumSize(SIZE)
                .build();
    }

    /** Fills all caches. */
    @Setup
    public void fill() {
        for (long key : HitKeys.all()) {
            raw.put(key, Product.of(key));
            cache.get(key, LOADER);
            remoteCache.get(key, LOADER);
            annotated.byId(key);
            optional.byId(key);
        }
    }

    /** Lets go of the threads. */
    @TearDown
    public void close() {
        local.close();
        remote.close();
    }

    @Benchmark
    public @Nullable Object caffeine(HitKeys keys) {
        return raw.getIfPresent(keys.next());
    }

    @Benchmark
    public @Nullable Object cacheGet(HitKeys keys) {
        return cache.get(keys.next(), LOADER);
    }

    /** While entries come in, the eviction hears of every hit, as it does with raw Caffeine. */
    @Benchmark
    public @Nullable Object cacheGetAmidInflux(HitKeys keys, Influx influx) {
        return influx.cache.get(keys.next(), LOADER);
    }

    @Benchmark
    public @Nullable Object cacheGetWithRemoteTier(HitKeys keys) {
        return remoteCache.get(keys.next(), LOADER);
    }

    @Benchmark
    public Object annotated(HitKeys keys) {
        return annotated.byId(keys.next());
    }

    @Benchmark
    public Object annotatedOptional(HitKeys keys) {
        return optional.byId(keys.next());
    }

    /** The least a local hit behind a remote tier can cost: reading the clock waits for the loads before it. */
    @Benchmark
    public @Nullable Object caffeineAndNanoTime(HitKeys keys) {
        return System.nanoTime() == 0 ? null : raw.getIfPresent(keys.next());
    }

    @Benchmark
    public long nanoTime() {
        return System.nanoTime();
    }
}
