package dev.aside.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.Caches;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.util.AopTestUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Spring's own annotations, unchanged, while others write: what was read before a write must not outlive it. */
class CacheableRaceTest {

    /** What an application has: a database, and methods that read and write it. */
    static class Books {
        final AtomicReference<String> database = new AtomicReference<>("old");
        volatile @Nullable Gate gate;

        private String read() {
            String read = database.get();
            Gate stop = gate;
            if (stop != null) {
                gate = null;
                stop.pass();
            }
            return read;
        }

        @Cacheable("books")
        public String plain(String id) {
            return read();
        }

        @Cacheable(cacheNames = "books", sync = true)
        public String synchronous(String id) {
            return read();
        }

        @Cacheable("books")
        public CompletableFuture<String> future(String id) {
            return CompletableFuture.supplyAsync(this::read);
        }

        @Cacheable("books")
        public Mono<String> mono(String id) {
            return Mono.fromSupplier(this::read).subscribeOn(Schedulers.boundedElastic());
        }

        @Cacheable("books")
        public Flux<String> flux(String id) {
            return Flux.defer(() -> Flux.just(read())).subscribeOn(Schedulers.boundedElastic());
        }

        @Cacheable(cacheNames = "books", key = "@shelf + #id")
        public String onShelf(String id) {
            return read();
        }

        @Cacheable(cacheNames = "books", unless = "#result == 'old'")
        public String unlessOld(String id) {
            return read();
        }

        @Cacheable("books")
        public String failing(String id) {
            throw new IllegalStateException("away");
        }

        @CacheEvict("books")
        public void evict(String id) {
            database.set("new");
        }

        @CacheEvict(cacheNames = "books", allEntries = true)
        public void clear(String id) {
            database.set("new");
        }

        @CacheEvict("books")
        public Mono<Void> evictMono(String id) {
            return Mono.fromRunnable(() -> database.set("new"));
        }

        @CacheEvict("books")
        public CompletableFuture<Void> evictFuture(String id) {
            return CompletableFuture.runAsync(() -> database.set("new"));
        }

        @CachePut("books")
        public String put(String id) {
            database.set("new");
            return "new";
        }

        @CachePut("books")
        public List<String> putList(String id) {
            database.set("new");
            return List.of("new");
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
        String shelf() {
            return "A-";
        }

        @Bean
        Books books() {
            return new Books();
        }
    }

    enum Read {
        PLAIN,
        SYNCHRONOUS,
        FUTURE,
        MONO,
        FLUX;

        @Nullable String from(Books books) {
            return switch (this) {
                case PLAIN -> books.plain("k");
                case SYNCHRONOUS -> books.synchronous("k");
                case FUTURE -> books.future("k").join();
                case MONO -> books.mono("k").block();
                case FLUX -> books.flux("k").blockLast();
            };
        }
    }

    enum Write {
        EVICT,
        CLEAR,
        EVICT_MONO,
        EVICT_FUTURE,
        PUT,
        PUT_LIST;

        void to(Books books) {
            switch (this) {
                case EVICT -> books.evict("k");
                case CLEAR -> books.clear("k");
                case EVICT_MONO -> books.evictMono("k").block();
                case EVICT_FUTURE -> books.evictFuture("k").join();
                case PUT -> books.put("k");
                case PUT_LIST -> books.putList("k");
            }
        }
    }

    static Stream<Arguments> mixes() {
        return Stream.of(Setup.values())
                .flatMap(setup -> Stream.of(Read.values())
                        .flatMap(read -> Stream.of(Write.values())
                                // a Flux is kept as a list, anything else as the value
                                .filter(write -> write != (read == Read.FLUX ? Write.PUT : Write.PUT_LIST))
                                .map(write -> Arguments.of(setup, read, write))));
    }

    @ParameterizedTest
    @MethodSource("mixes")
    void read_writtenDuringLoad_isNotKept(Setup setup, Read read, Write write) {
        try (Caches caches = setup.caches();
                AsideCacheManager manager = setup.manager(caches).build();
                AnnotationConfigApplicationContext context = context(manager)) {
            assertThat(raced(context, read, write)).isEqualTo("new");
        }
    }

    /** What a call does not put must not keep others from it. */
    @ParameterizedTest
    @EnumSource
    void read_nothingPut_leavesTheKeyToOthers(Setup setup) {
        try (Caches caches = setup.caches();
                AsideCacheManager manager = setup.manager(caches).build();
                AnnotationConfigApplicationContext context = context(manager)) {
            Books books = context.getBean(Books.class);
            assertThat(books.unlessOld("k")).isEqualTo("old");
            assertThatThrownBy(() -> books.failing("k")).hasMessage("away");
            assertThat(books.plain("k")).isEqualTo("old");
            target(books).database.set("changed behind the cache");
            assertThat(books.plain("k")).isEqualTo("old");
            assertThat(books.unlessOld("k")).isEqualTo("old");
        }
    }

    /** A publisher that nobody subscribes to has begun nothing, and each subscription is a call of its own. */
    @ParameterizedTest
    @EnumSource
    void mono_notSubscribed_keepsNobodyFromTheKey_andEachSubscriptionReads(Setup setup) {
        try (Caches caches = setup.caches();
                AsideCacheManager manager = setup.manager(caches).build();
                AnnotationConfigApplicationContext context = context(manager)) {
            Books books = context.getBean(Books.class);
            Mono<String> mono = books.mono("k");
            assertThat(books.plain("k")).isEqualTo("old");
            target(books).database.set("changed behind the cache");
            assertThat(books.plain("k")).isEqualTo("old");
            assertThat(mono.block()).isEqualTo("old");
            books.evict("k");
            assertThat(mono.block()).isEqualTo("new");
        }
    }

    @Test
    void read_keyOfABean_isFound() {
        try (Caches caches = Caches.builder().build();
                AsideCacheManager manager = AsideCacheManager.builder(caches).build();
                AnnotationConfigApplicationContext context = context(manager)) {
            context.getBean(Books.class).onShelf("1");
            assertThat(Objects.requireNonNull(manager.getCache("books")).get("A-1", String.class))
                    .isEqualTo("old");
        }
    }

    /** The race is a real one: with Spring's own manager the old value stays. */
    @Test
    void read_springsOwnManager_keepsTheOldValue() {
        try (AnnotationConfigApplicationContext context = context(new ConcurrentMapCacheManager())) {
            assertThat(raced(context, Read.PLAIN, Write.EVICT)).isEqualTo("old");
        }
    }

    @ParameterizedTest
    @MethodSource("mixes")
    void read_unhurried_isKept(Setup setup, Read read, Write write) {
        try (Caches caches = setup.caches();
                AsideCacheManager manager = setup.manager(caches).build();
                AnnotationConfigApplicationContext context = context(manager)) {
            Books books = context.getBean(Books.class);
            assertThat(read.from(books)).isEqualTo("old");
            target(books).database.set("changed behind the cache");
            assertThat(read.from(books)).isEqualTo("old");
            write.to(books);
            assertThat(read.from(books)).isEqualTo("new");
        }
    }

    private static @Nullable String raced(AnnotationConfigApplicationContext context, Read read, Write write) {
        Books books = context.getBean(Books.class);
        Books target = target(books);
        Gate gate = new Gate();
        target.gate = gate;
        CompletableFuture<@Nullable String> reader = CompletableFuture.supplyAsync(() -> read.from(books));
        gate.awaitArrival();
        write.to(books);
        gate.open();
        assertThat(reader.join()).isEqualTo("old");
        return read.from(books);
    }

    private static Books target(Books books) {
        return AopTestUtils.getTargetObject(books);
    }

    private static AnnotationConfigApplicationContext context(CacheManager manager) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.registerBean(CacheManager.class, () -> manager, bean -> bean.setDestroyMethodName(""));
        context.register(Config.class);
        context.refresh();
        return context;
    }
}
