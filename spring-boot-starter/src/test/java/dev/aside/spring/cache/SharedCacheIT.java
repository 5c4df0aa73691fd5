package dev.aside.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.Caches;
import dev.aside.cache.redis.RedisTier;
import dev.aside.spring.redis.SelfDescribingCodec;
import dev.aside.testkit.RedisServer;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Spring's caches on two nodes over a real Redis. */
class SharedCacheIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    record Book(String isbn, BigDecimal price) {}

    private static Caches node(String namespace, Class<?>... known) {
        return Caches.builder()
                .remote(RedisTier.builder()
                        .uri(RedisServer.shared().uri())
                        .namespace(namespace)
                        .wrapCodec(codec -> new SelfDescribingCodec(codec, List.of(known)))
                        .build())
                .build();
    }

    @Nested
    class Contract extends CacheContract {
        private final Caches caches = node("spring-contract");
        private final AsideCacheManager manager =
                AsideCacheManager.builder(caches).build();

        @Override
        CacheManager manager() {
            return manager;
        }

        @AfterEach
        void close() {
            manager.close();
            caches.close();
        }
    }

    @Test
    void put_onOneNode_isReadOnTheOther_andEvictedThere() {
        try (Caches here = node("spring-shared");
                Caches there = node("spring-shared", Book.class);
                AsideCacheManager manager = AsideCacheManager.builder(here).build();
                AsideCacheManager other = AsideCacheManager.builder(there).build()) {
            List<Object> values = List.of(
                    new Book("1", new BigDecimal("9.90")),
                    "text",
                    List.of(new Book("2", BigDecimal.ONE)),
                    Map.of("k", new Book("3", BigDecimal.TEN)));
            for (Object value : values) {
                cache(manager).put(7L, value);
                assertThat(get(other)).isEqualTo(value);
                cache(other).evict(7L);
                Awaitility.await().untilAsserted(() -> assertThat(get(manager)).isNull());
            }
        }
    }

    @Test
    void put_classTheOtherNodeDoesNotKnow_isAMissThere_untilItKnowsIt() {
        try (Caches here = node("spring-unknown");
                Caches there = node("spring-unknown");
                AsideCacheManager manager = AsideCacheManager.builder(here).build();
                AsideCacheManager other = AsideCacheManager.builder(there).build()) {
            Book book = new Book("1", BigDecimal.ONE);
            cache(manager).put(7L, book);
            assertThat(get(other)).isNull();
            assertThat(cache(other).<Book>get(7L, () -> new Book("1", BigDecimal.TEN)))
                    .isEqualTo(new Book("1", BigDecimal.TEN));
            cache(manager).put(7L, book);
            Awaitility.await().untilAsserted(() -> assertThat(get(other)).isEqualTo(book));
        }
    }

    static class Books {
        @Cacheable("books")
        public CompletableFuture<String> future(long id) {
            return CompletableFuture.completedFuture("future " + id);
        }

        @Cacheable("books")
        public Mono<String> mono(long id) {
            return Mono.fromSupplier(() -> "mono " + id);
        }

        @Cacheable("books")
        public Flux<String> flux(long id) {
            return Flux.just("flux", "" + id);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Config {
        @Bean
        static CacheInterceptorReplacer replacer() {
            return new CacheInterceptorReplacer(() -> null);
        }

        @Bean
        Books books() {
            return new Books();
        }
    }

    /** The method runs on whatever thread the look-up ended on, and its value is put there. */
    @Test
    void read_methodThatIsDoneAtOnce_returns_andIsKept() {
        try (Caches caches = node("spring-at-once");
                AsideCacheManager manager = AsideCacheManager.builder(caches).build();
                AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.registerBean(CacheManager.class, () -> manager, bean -> bean.setDestroyMethodName(""));
            context.register(Config.class);
            context.refresh();
            Books books = context.getBean(Books.class);
            for (long id = 0; id < 60; id += 3) {
                assertThat(books.future(id)).succeedsWithin(SOON).isEqualTo("future " + id);
                assertThat(books.mono(id + 1).block(SOON)).isEqualTo("mono " + (id + 1));
                assertThat(books.flux(id + 2).collectList().block(SOON)).containsExactly("flux", "" + (id + 2));
            }
            Awaitility.await()
                    .untilAsserted(
                            () -> { // a busy machine may lose its trust, and with it the first of them
                                assertThat(books.future(0)).succeedsWithin(SOON);
                                assertThat(books.mono(1).block(SOON)).isNotNull();
                                assertThat(books.flux(2).collectList().block(SOON))
                                        .isNotEmpty();
                                assertThat(cache(manager).get(0L, String.class)).isEqualTo("future 0");
                                assertThat(cache(manager).get(1L, String.class)).isEqualTo("mono 1");
                                assertThat(cache(manager).get(2L)).isNotNull();
                            });
        }
    }

    private static Cache cache(CacheManager manager) {
        return Objects.requireNonNull(manager.getCache("books"));
    }

    private static @Nullable Object get(CacheManager manager) {
        Cache.ValueWrapper found = cache(manager).get(7L);
        return found == null ? null : found.get();
    }
}
