package dev.aside.benchmarks.cache;

import com.alicp.jetcache.anno.CacheConsts;
import com.alicp.jetcache.anno.CacheType;
import com.alicp.jetcache.anno.config.EnableMethodCache;
import com.alicp.jetcache.anno.support.GlobalCacheConfig;
import com.alicp.jetcache.anno.support.JetCacheBaseBeans;
import com.alicp.jetcache.embedded.CaffeineCacheBuilder;
import com.alicp.jetcache.support.Fastjson2KeyConvertor;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.aside.testkit.RedisServer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.redisson.Redisson;
import org.redisson.api.RLocalCachedMap;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.LocalCachedMapOptions;
import org.redisson.config.Config;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The same hits in the caches people use today, each set up as its manual says, in one process. */
public final class PeerHitBenchmark {
    private static final int SIZE = 2 * HitKeys.KEYS;

    private PeerHitBenchmark() {}

    /** What the peers' annotations stand on. */
    public interface Products {
        /** A product. */
        @Nullable Product byId(long id);
    }

    /** Spring's annotation over bounded Caffeine. */
    @State(Scope.Benchmark)
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public static class Spring {
        private final AnnotationConfigApplicationContext context =
                new AnnotationConfigApplicationContext(SpringBeans.class);
        private final Products products = context.getBean(Products.class);

        /** The beans. */
        @Configuration
        @EnableCaching
        public static class SpringBeans {
            /** The manager. */
            @Bean
            public CaffeineCacheManager cacheManager() {
                CaffeineCacheManager manager = new CaffeineCacheManager("product");
                manager.setCaffeine(Caffeine.newBuilder().maximumSize(SIZE));
                return manager;
            }

            /** The target. */
            @Bean
            public Products products() {
                return new SpringRepository();
            }
        }

        /** The target. */
        public static class SpringRepository implements Products {
            @Override
            @Cacheable("product")
            public Product byId(long id) {
                return Product.of(id);
            }
        }

        @Setup
        public void fill() {
            for (long key : HitKeys.all()) {
                products.byId(key);
            }
        }

        @TearDown
        public void close() {
            context.close();
        }

        @Benchmark
        public @Nullable Object springCacheable(HitKeys keys) {
            return products.byId(keys.next());
        }
    }

    /** JetCache's annotation over its local Caffeine. */
    @State(Scope.Benchmark)
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public static class JetCache {
        private final AnnotationConfigApplicationContext context =
                new AnnotationConfigApplicationContext(JetCacheBeans.class);
        private final Products products = context.getBean(Products.class);

        /** The beans. */
        @Configuration
        @EnableMethodCache(basePackages = "dev.aside.benchmarks.cache")
        @Import(JetCacheBaseBeans.class)
        public static class JetCacheBeans {
            /** The settings. */
            @Bean
            public GlobalCacheConfig globalCacheConfig() {
                GlobalCacheConfig config = new GlobalCacheConfig();
                config.setLocalCacheBuilders(Map.of(
                        CacheConsts.DEFAULT_AREA,
                        CaffeineCacheBuilder.createCaffeineCacheBuilder()
                                .limit(SIZE)
                                .keyConvertor(Fastjson2KeyConvertor.INSTANCE)));
                config.setRemoteCacheBuilders(Map.of());
                config.setStatIntervalMinutes(0);
                return config;
            }

            /** The target. */
            @Bean
            public Products products() {
                return new JetCacheRepository();
            }
        }

        /** The target. */
        public static class JetCacheRepository implements Products {
            @Override
            @com.alicp.jetcache.anno.Cached(
                    name = "product",
                    expire = 7200,
                    localLimit = SIZE,
                    cacheType = CacheType.LOCAL)
            public Product byId(long id) {
                return Product.of(id);
            }
        }

        @Setup
        public void fill() {
            for (long key : HitKeys.all()) {
                products.byId(key);
            }
        }

        @TearDown
        public void close() {
            context.close();
        }

        @Benchmark
        public @Nullable Object jetCacheCached(HitKeys keys) {
            return products.byId(keys.next());
        }
    }

    /** Redisson's map with local copies, on a real Redis that a hit does not ask. */
    @State(Scope.Benchmark)
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public static class RedissonMap {
        private final RedisServer server = RedisServer.start();
        private final RedissonClient client = Redisson.create(config(server.uri()));
        private final RLocalCachedMap<Long, Product> map = client.getLocalCachedMap(
                LocalCachedMapOptions.<Long, Product>name("product").cacheSize(SIZE));

        private static Config config(String uri) {
            Config config = new Config();
            config.useSingleServer().setAddress(uri);
            return config;
        }

        @Setup
        public void fill() {
            for (long key : HitKeys.all()) {
                map.fastPut(key, Product.of(key));
            }
        }

        @TearDown
        public void close() {
            client.shutdown();
            server.close();
        }

        @Benchmark
        public @Nullable Object redissonLocalCachedMap(HitKeys keys) {
            return map.get(keys.next());
        }
    }
}
