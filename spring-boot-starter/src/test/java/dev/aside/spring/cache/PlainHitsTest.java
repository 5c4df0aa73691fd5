package dev.aside.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.aside.cache.Caches;
import dev.aside.spring.cache.PlainHits.PlainRead;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.interceptor.CacheInterceptor;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.KeyGenerator;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import reactor.core.publisher.Mono;

/** Hits that leave before Spring makes anything of the call, and calls that must not. */
class PlainHitsTest {
    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    @BeforeEach
    void start() {
        context.register(Beans.class);
    }

    @AfterEach
    void stop() {
        context.close();
    }

    static class Shop {
        final List<Object> calls = new CopyOnWriteArrayList<>();

        List<Object> calls() { // the proxy has fields of its own
            return calls;
        }

        @Cacheable("price")
        public String all(String sku, int amount) {
            calls.add(sku);
            return sku + amount + "-" + calls.size();
        }

        @Cacheable("nothing")
        public String nothing() {
            calls.add("nothing");
            return "n" + calls.size();
        }

        @Cacheable(cacheNames = "named", key = "#sku", unless = "#result == null")
        public @Nullable String named(int amount, @Nullable String sku) {
            calls.add(sku == null ? "null" : sku);
            return sku + "-" + calls.size();
        }

        @Cacheable(cacheNames = "named", key = "#a1", sync = true)
        public String numbered(int amount, String sku) {
            return sku;
        }

        @Cacheable("optional")
        public Optional<String> optional(String sku) {
            calls.add(sku);
            return Optional.empty();
        }

        @CacheEvict(cacheNames = "price")
        public void change(String sku, int amount) {}

        @Cacheable(cacheNames = "x", condition = "#sku != null")
        public String condition(String sku) {
            return sku;
        }

        @Cacheable({"x", "y"})
        public String twoNames(String sku) {
            return sku;
        }

        @Cacheable(cacheNames = "x", key = "#sku.length()")
        public int expression(String sku) {
            return sku.length();
        }

        @Cacheable(cacheNames = "x", key = "#result")
        public String result(String result) {
            return result;
        }

        @Cacheable(cacheNames = "x", key = "#p1")
        public String misnamed(String p1, String other) {
            return p1 + other;
        }

        @Cacheable(cacheNames = "x", keyGenerator = "lengths")
        public String generator(String sku) {
            return sku;
        }

        @Cacheable(cacheNames = "x", cacheManager = "cacheManager")
        public String manager(String sku) {
            return sku;
        }

        @Cacheable("x")
        public String rest(String... skus) {
            return String.join("", skus);
        }

        @Cacheable("x")
        public CompletableFuture<String> later(String sku) {
            return CompletableFuture.completedFuture(sku);
        }

        @Cacheable("x")
        public Mono<String> mono(String sku) {
            return Mono.just(sku);
        }

        @Caching(cacheable = @Cacheable("x"), put = @CachePut("y"))
        public String both(String sku) {
            return sku;
        }

        @CachePut("x")
        public String put(String sku) {
            return sku;
        }

        public String none(String sku) {
            return sku;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching(proxyTargetClass = true)
    static class Beans {
        @Bean(destroyMethod = "close")
        Caches caches() {
            return Caches.builder().build();
        }

        @Bean
        CacheManager cacheManager(Caches caches) {
            return AsideCacheManager.builder(caches).build();
        }

        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static CacheInterceptorReplacer replacer() {
            return new CacheInterceptorReplacer(() -> null);
        }

        @Bean
        KeyGenerator lengths() {
            return (target, method, parameters) -> parameters.length;
        }

        @Bean
        Shop shop() {
            return new Shop();
        }
    }

    private @Nullable PlainRead plain(String name) {
        context.refresh();
        PlainReads reads = PlainReads.of(context.getBean(CacheInterceptor.class));
        assertThat(reads).isNotNull();
        return reads.find(method(name), Shop.class);
    }

    private static Method method(String name) {
        return Arrays.stream(Shop.class.getDeclaredMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static Stream<Arguments> plainMethods() {
        return Stream.of(
                arguments("all", new SimpleKey("a", 1), new Object[] {"a", 1}),
                arguments("nothing", SimpleKey.EMPTY, new Object[] {}),
                arguments("named", "a", new Object[] {1, "a"}),
                arguments("numbered", "a", new Object[] {1, "a"}),
                arguments("optional", "a", new Object[] {"a"}));
    }

    @ParameterizedTest
    @MethodSource("plainMethods")
    void find_plainMethod_hasSpringsKey(String name, Object key, Object[] passed) {
        PlainRead read = plain(name);
        assertThat(read).isNotNull();
        assertThat(read.key(passed)).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "condition",
                "twoNames",
                "expression",
                "result",
                "misnamed",
                "generator",
                "manager",
                "rest",
                "later",
                "mono",
                "both",
                "put",
                "none",
                "change"
            })
    void find_anyOtherMethod_isLeftToSpring(String name) {
        assertThat(plain(name)).isNull();
    }

    @Test
    void hit_isAnsweredAndCountedOnce_andAnEvictionIsSeen() {
        context.refresh();
        Shop shop = context.getBean(Shop.class);
        assertThat(shop.all("a", 1)).isEqualTo("a1-1");
        assertThat(shop.all("a", 1)).isEqualTo("a1-1");
        assertThat(shop.all("a", 1)).isEqualTo("a1-1");
        assertThat(shop.all("a", 2)).isEqualTo("a2-2");
        var stats = context.getBean(Caches.class)
                .cache("price", Object.class, Object.class)
                .stats();
        assertThat(stats.localHits()).isEqualTo(2);
        shop.change("a", 1);
        assertThat(shop.all("a", 1)).isEqualTo("a1-3");
    }

    /** Spring asks for the operations of a method whenever it sees a call of it. */
    @Test
    void hit_isNotSeenBySpring_andWhatIsNotPlainIs() {
        context.refresh();
        Shop shop = context.getBean(Shop.class);
        shop.all("a", 1);
        shop.expression("a");
        List<String> seen = new CopyOnWriteArrayList<>();
        context.getBean(CacheInterceptor.class).setCacheOperationSource(new AnnotationCacheOperationSource() {
            @Override
            public @Nullable Collection<CacheOperation> getCacheOperations(Method method, @Nullable Class<?> target) {
                seen.add(method.getName());
                return super.getCacheOperations(method, target);
            }
        });
        shop.all("a", 1);
        assertThat(seen).isEmpty();
        shop.expression("a");
        shop.all("b", 1);
        assertThat(seen).containsExactly("expression", "all");
    }

    @Test
    void hit_ofAnAbsence_isTheMethodsKindOfAbsence() {
        context.refresh();
        Shop shop = context.getBean(Shop.class);
        assertThat(shop.optional("a")).isEmpty();
        assertThat(shop.optional("a")).isEmpty();
        assertThat(shop.calls()).containsExactly("a");
    }

    @Test
    void nullKey_isRefusedAsSpringDoes() {
        context.refresh();
        Shop shop = context.getBean(Shop.class);
        assertThat(shop.named(1, "a")).isEqualTo("a-1");
        assertThat(shop.named(2, "a")).isEqualTo("a-1");
        assertThatThrownBy(() -> shop.named(1, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Null key");
    }

    @Test
    void ownKeyGenerator_isAskedOnEveryCall() {
        context.registerBean(CustomKeys.class);
        context.refresh();
        PlainReads reads = PlainReads.of(context.getBean(CacheInterceptor.class));
        assertThat(reads).isNotNull();
        assertThat(reads.find(method("all"), Shop.class)).isNull();
        assertThat(reads.find(method("named"), Shop.class)).isNotNull();
    }

    /** What an application may set for all of its caches. */
    static class CustomKeys implements CachingConfigurer {
        @Override
        public KeyGenerator keyGenerator() {
            return (target, method, parameters) -> method.getName();
        }
    }
}
