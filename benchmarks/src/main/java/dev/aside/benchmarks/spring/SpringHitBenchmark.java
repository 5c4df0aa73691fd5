package dev.aside.benchmarks.spring;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.aside.benchmarks.cache.HitKeys;
import dev.aside.benchmarks.cache.Product;
import dev.aside.cache.Caches;
import dev.aside.cache.TtlPolicy;
import dev.aside.cache.annotation.Cached;
import dev.aside.spring.annotation.CachedMethodAdvisor;
import dev.aside.spring.annotation.ShortCuts;
import dev.aside.spring.cache.AsideCacheManager;
import dev.aside.spring.cache.CacheInterceptorReplacer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/** A hit through Spring's proxies, by interface and by class, with the same keys as all hit benchmarks. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SpringHitBenchmark {
    private static final long SIZE = 2L * HitKeys.KEYS;

    private final Caches plainCaches = caches();
    private final Plain plain = plainCaches.proxy(Plain.class, Product::of);
    private final AnnotationConfigApplicationContext byInterface =
            new AnnotationConfigApplicationContext(ByInterface.class, AsideBeans.class, CaffeineBeans.class);
    private final AnnotationConfigApplicationContext byClass =
            new AnnotationConfigApplicationContext(ByClass.class, AsideBeans.class, CaffeineBeans.class);
    private final AnnotationConfigApplicationContext asideByInterface =
            new AnnotationConfigApplicationContext(ByInterface.class, AsideBeans.class, AsideManagerBeans.class);
    private final AnnotationConfigApplicationContext asideByClass =
            new AnnotationConfigApplicationContext(ByClass.class, AsideBeans.class, AsideManagerBeans.class);

    private final Products annotatedInterface = byInterface.getBean("annotated", Products.class);
    private final AnnotatedProducts annotatedClass = byClass.getBean(AnnotatedProducts.class);
    private final Products caffeineInterface = byInterface.getBean("cacheable", Products.class);
    private final CacheableProducts caffeineClass = byClass.getBean(CacheableProducts.class);
    private final Products asideInterface = asideByInterface.getBean("cacheable", Products.class);
    private final CacheableProducts asideClass = asideByClass.getBean(CacheableProducts.class);

    /** The annotated interface of a plain proxy. */
    public interface Plain {
        /** A product. */
        @Cached(name = "plain", policy = "bench")
        Product byId(long id);
    }

    /** What both beans offer. */
    public interface Products {
        /** A product. */
        Product byId(long id);
    }

    /** Aside's annotation on a class. */
    public static class AnnotatedProducts implements Products {
        @Override
        @Cached(name = "annotated", policy = "bench")
        public Product byId(long id) {
            return Product.of(id);
        }
    }

    /** Spring's annotation on a class. */
    public static class CacheableProducts implements Products {
        @Override
        @Cacheable("cacheable")
        public Product byId(long id) {
            return Product.of(id);
        }
    }

    /** Proxies by interface. */
    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    public static class ByInterface {}

    /** Proxies by class. */
    @Configuration(proxyBeanMethods = false)
    @EnableCaching(proxyTargetClass = true)
    public static class ByClass {}

    /** The beans of both, and Aside's advice. */
    @Configuration(proxyBeanMethods = false)
    public static class AsideBeans {
        /** The caches. */
        @Bean
        public Caches caches() {
            return SpringHitBenchmark.caches();
        }

        /** The advice. */
        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        public static CachedMethodAdvisor advisor(org.springframework.beans.factory.ObjectProvider<Caches> caches) {
            return new CachedMethodAdvisor(caches::getObject);
        }

        /** Hits before Spring's chain. */
        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        public static ShortCuts shortCuts() {
            return new ShortCuts();
        }

        /** The target of Aside's annotation. */
        @Bean
        public AnnotatedProducts annotated() {
            return new AnnotatedProducts();
        }

        /** The target of Spring's annotation. */
        @Bean
        public CacheableProducts cacheable() {
            return new CacheableProducts();
        }
    }

    /** Caffeine behind Spring's annotation. */
    @Configuration(proxyBeanMethods = false)
    public static class CaffeineBeans {
        /** The manager. */
        @Bean
        public CacheManager cacheManager() {
            CaffeineCacheManager manager = new CaffeineCacheManager("cacheable");
            manager.setCaffeine(Caffeine.newBuilder().maximumSize(SIZE));
            return manager;
        }
    }

    /** Aside behind Spring's annotation. */
    @Configuration(proxyBeanMethods = false)
    public static class AsideManagerBeans {
        /** The manager. */
        @Bean
        public CacheManager cacheManager(Caches caches) {
            return AsideCacheManager.builder(caches).policy("bench").build();
        }

        /** The interceptor. */
        @Bean
        public static CacheInterceptorReplacer replacer() {
            return new CacheInterceptorReplacer(() -> null);
        }
    }

    private static Caches caches() {
        return Caches.builder()
                .policy(TtlPolicy.named("bench")
                        .ttl(Duration.ofHours(2))
                        .localTtl(Duration.ofHours(2))
                        .refreshAhead(0.8)
                        .maximumSize(SIZE)
                        .build())
                .build();
    }

    /** Fills all caches. */
    @Setup
    public void fill() {
        for (long key : HitKeys.all()) {
            plain.byId(key);
            annotatedInterface.byId(key);
            annotatedClass.byId(key);
            caffeineInterface.byId(key);
            caffeineClass.byId(key);
            asideInterface.byId(key);
            asideClass.byId(key);
        }
    }

    /** Ends the contexts. */
    @TearDown
    public void close() {
        plainCaches.close();
        byInterface.close();
        byClass.close();
        asideByInterface.close();
        asideByClass.close();
    }

    @Benchmark
    public Object plainProxy(HitKeys keys) {
        return plain.byId(keys.next());
    }

    @Benchmark
    public Object cachedByInterface(HitKeys keys) {
        return annotatedInterface.byId(keys.next());
    }

    @Benchmark
    public Object cachedByClass(HitKeys keys) {
        return annotatedClass.byId(keys.next());
    }

    @Benchmark
    public Object cacheableCaffeineByInterface(HitKeys keys) {
        return caffeineInterface.byId(keys.next());
    }

    @Benchmark
    public Object cacheableCaffeineByClass(HitKeys keys) {
        return caffeineClass.byId(keys.next());
    }

    @Benchmark
    public Object cacheableAsideByInterface(HitKeys keys) {
        return asideInterface.byId(keys.next());
    }

    @Benchmark
    public Object cacheableAsideByClass(HitKeys keys) {
        return asideClass.byId(keys.next());
    }
}
