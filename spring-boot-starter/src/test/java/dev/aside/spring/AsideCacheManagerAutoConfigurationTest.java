package dev.aside.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.Caches;
import dev.aside.cache.InMemoryRemoteTier;
import dev.aside.cache.spi.RemoteTier;
import dev.aside.spring.cache.AsideCacheManager;
import dev.aside.testkit.FakeTicker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.interceptor.CacheInterceptor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Aside behind Spring's annotations, by auto-configuration. */
class AsideCacheManagerAutoConfigurationTest {
    private final ApplicationContextRunner boot = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AsideAutoConfiguration.class,
                    AsideCacheInterceptorAutoConfiguration.class,
                    AsideCacheManagerAutoConfiguration.class,
                    CacheAutoConfiguration.class));

    static class Books {
        final AtomicInteger calls = new AtomicInteger();

        @Cacheable("books")
        public String find(String isbn) {
            return isbn + calls.incrementAndGet();
        }

        @Cacheable("unlisted")
        public String other(String isbn) {
            return isbn;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Caching {
        @Bean
        Books books() {
            return new Books();
        }
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class FakeTime {
        final FakeTicker ticker = FakeTicker.create();
        final InMemoryRemoteTier tier = new InMemoryRemoteTier(ticker);

        @Bean
        RemoteTier tier() {
            return tier.node();
        }

        @Bean
        CachesCustomizer fakeTime() {
            return builder -> builder.ticker(ticker).executor(Runnable::run);
        }
    }

    @Test
    void enableCaching_withoutManager_isAsides() {
        boot.withUserConfiguration(Caching.class).run(context -> {
            assertThat(context.getBean(CacheManager.class)).isInstanceOf(AsideCacheManager.class);
            Books books = context.getBean(Books.class);
            assertThat(books.find("a")).isEqualTo("a1");
            assertThat(books.find("a")).isEqualTo("a1");
            assertThat(context.getBean(Caches.class).describe()).startsWith("books: ");
        });
    }

    @Test
    void withoutEnableCaching_thereIsNoManager() {
        boot.run(context -> assertThat(context).doesNotHaveBean(CacheManager.class));
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnManager {
        @Bean
        CacheManager cacheManager() {
            return new ConcurrentMapCacheManager();
        }
    }

    @Test
    void managerOfTheUser_wins() {
        boot.withUserConfiguration(Caching.class, OwnManager.class)
                .run(context ->
                        assertThat(context.getBean(CacheManager.class)).isInstanceOf(ConcurrentMapCacheManager.class));
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnAsideManager {
        @Bean
        CacheManager cacheManager(Caches caches) {
            return AsideCacheManager.builder(caches).build();
        }
    }

    @Test
    void asideManagerOfTheUser_hasTheInterceptorAllTheSame() {
        boot.withUserConfiguration(Caching.class, OwnAsideManager.class)
                .run(context -> assertThat(context.getBean(CacheInterceptor.class)
                                .getClass()
                                .getSimpleName())
                        .isEqualTo("AsideCacheInterceptor"));
    }

    @Test
    void springCacheType_set_wins() {
        boot.withUserConfiguration(Caching.class)
                .withPropertyValues("spring.cache.type=simple")
                .run(context ->
                        assertThat(context.getBean(CacheManager.class)).isInstanceOf(ConcurrentMapCacheManager.class));
    }

    @Test
    void disabled_isBootsOwn() {
        boot.withUserConfiguration(Caching.class)
                .withPropertyValues("aside.spring-cache.enabled=false")
                .run(context ->
                        assertThat(context.getBean(CacheManager.class)).isNotInstanceOf(AsideCacheManager.class));
    }

    @Test
    void properties_reachTheCaches() {
        boot.withUserConfiguration(Caching.class)
                .withPropertyValues(
                        "aside.spring-cache.policy=reference",
                        "aside.spring-cache.caches.books.policy=aggregate",
                        "aside.spring-cache.caches.books.ttl=90s")
                .run(context -> {
                    Books books = context.getBean(Books.class);
                    books.find("a");
                    books.other("a");
                    assertThat(context.getBean(Caches.class).describe())
                            .containsPattern("books: .*aggregate.*ttl=1m30s")
                            .containsPattern("unlisted: .*reference");
                });
    }

    @Test
    void cacheNames_listed_othersFail() {
        boot.withUserConfiguration(Caching.class)
                .withPropertyValues("spring.cache.cache-names=books")
                .run(context -> {
                    assertThat(context.getBean(CacheManager.class).getCacheNames())
                            .containsExactly("books");
                    assertThat(context.getBean(CacheManager.class).getCache("unlisted"))
                            .isNull();
                });
    }

    @Test
    void fakeTimeAndTier_inATest_turnTheTtlByHand() {
        boot.withUserConfiguration(Caching.class, FakeTime.class).run(context -> {
            Books books = context.getBean(Books.class);
            assertThat(books.find("a")).isEqualTo("a1");
            context.getBean(FakeTime.class).ticker.advance(Duration.ofMinutes(6));
            assertThat(books.find("a")).isEqualTo("a2");
            context.getBean(FakeTime.class).tier.unreachable(true);
            assertThat(books.find("b")).isEqualTo("b3");
        });
    }
}
