package dev.aside.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.Cache;
import dev.aside.cache.CacheEvent;
import dev.aside.cache.CacheListener;
import dev.aside.cache.Caches;
import dev.aside.cache.TtlPolicy;
import dev.aside.cache.spi.RemoteTier;
import dev.aside.offload.ExecutorClosedException;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class AsideAutoConfigurationTest {
    private final ApplicationContextRunner boot = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(AsideAutoConfiguration.class, AsideRedisAutoConfiguration.class));

    @Test
    void imports_readByBoot_nameBothConfigurations() {
        assertThat(ImportCandidates.load(
                        org.springframework.boot.autoconfigure.AutoConfiguration.class,
                        getClass().getClassLoader()))
                .contains(AsideAutoConfiguration.class.getName(), AsideRedisAutoConfiguration.class.getName());
    }

    @Test
    void context_withoutProperties_hasCachesOfOneProcessAndExecutor() {
        boot.run(context -> {
            assertThat(context)
                    .hasSingleBean(Caches.class)
                    .hasSingleBean(OffloadExecutor.class)
                    .doesNotHaveBean(RemoteTier.class);
            Cache<String, String> cache = context.getBean(Caches.class).cache("c", String.class, String.class);
            cache.get("a", key -> "loaded");
            assertThat(cache.peek("a")).isEqualTo("loaded");
            assertThat(context.getBean(OffloadExecutor.class).call("t", job -> 1))
                    .isEqualTo(new Outcome.Done<>(1));
        });
    }

    @Test
    void context_withBeansOfTheUser_keepsThem() {
        boot.withUserConfiguration(OwnBeans.class).run(context -> {
            assertThat(context).hasSingleBean(Caches.class).hasSingleBean(OffloadExecutor.class);
            assertThat(context.getBean(Caches.class)).isSameAs(context.getBean("mine"));
            assertThat(context.getBean(OffloadExecutor.class)).isSameAs(context.getBean("mineToo"));
        });
    }

    @Test
    void context_closed_closesExecutor() {
        List<OffloadExecutor> seen = new ArrayList<>();
        boot.run(context -> seen.add(context.getBean(OffloadExecutor.class)));
        assertThatThrownBy(() -> seen.get(0).call("t", job -> 1)).isInstanceOf(ExecutorClosedException.class);
    }

    @Test
    void policyProperty_ofPreset_changesOnlyWhatItNames() {
        boot.withPropertyValues("aside.policies.reference.ttl=40m", "aside.policies.reference.jitter=0.2")
                .run(context -> assertThat(
                                context.getBean(Caches.class).policies().get("reference"))
                        .isEqualTo(TtlPolicy.reference().toBuilder()
                                .ttl(Duration.ofMinutes(40))
                                .jitter(0.2)
                                .build()));
    }

    @Test
    void policyProperties_ofNewName_makePolicy() {
        boot.withPropertyValues(
                        "aside.policies.catalog.ttl=2h5m",
                        "aside.policies.catalog.local-ttl=PT30S",
                        "aside.policies.catalog.min-ttl=1h",
                        "aside.policies.catalog.max-ttl=1d",
                        "aside.policies.catalog.null-ttl=250ms",
                        "aside.policies.catalog.refresh-ahead=0.7",
                        "aside.policies.catalog.stale-while-revalidate=10s",
                        "aside.policies.catalog.stale-if-error=6h",
                        "aside.policies.catalog.error-backoff=7s",
                        "aside.policies.catalog.maximum-size=123",
                        "aside.policies.catalog.single-flight=cluster",
                        "aside.policies.catalog.cluster-wait=2s")
                .run(context -> assertThat(
                                context.getBean(Caches.class).policies().get("catalog"))
                        .isEqualTo(TtlPolicy.named("catalog")
                                .ttl(Duration.ofMinutes(125))
                                .localTtl(Duration.ofSeconds(30))
                                .bounds(Duration.ofHours(1), Duration.ofDays(1))
                                .nullTtl(Duration.ofMillis(250))
                                .refreshAhead(0.7)
                                .staleWhileRevalidate(Duration.ofSeconds(10))
                                .staleIfError(Duration.ofHours(6))
                                .errorBackoff(Duration.ofSeconds(7))
                                .maximumSize(123)
                                .singleFlight(TtlPolicy.SingleFlight.CLUSTER)
                                .clusterWait(Duration.ofSeconds(2))
                                .build()));
    }

    @Test
    void policyBean_withPropertiesOfItsName_isChangedByThem() {
        boot.withUserConfiguration(PolicyBeans.class)
                .withPropertyValues("aside.policies.prices.ttl=3m")
                .run(context -> {
                    Caches caches = context.getBean(Caches.class);
                    assertThat(caches.policies().get("prices").ttl()).isEqualTo(Duration.ofMinutes(3));
                    assertThat(caches.policies().get("prices").jitter()).isEqualTo(0.3);
                    assertThat(caches.policies().get("stock").ttl()).isEqualTo(Duration.ofSeconds(9));
                });
    }

    @Test
    void ttl_outsideBounds_failsStartNamingProperty() {
        assertRefused(
                "aside.policies.reference.ttl=2h",
                "aside.policies.reference.ttl",
                "ttl 2h is outside the bounds 5m..1h");
    }

    @Test
    void bounds_exclusive_failStartNamingProperty() {
        assertRefused("aside.policies.reference.max-ttl=1m", "aside.policies.reference.max-ttl", "upper bound");
    }

    @Test
    void jitter_outOfRange_failsStartNamingProperty() {
        assertRefused("aside.policies.aggregate.jitter=0.9", "aside.policies.aggregate.jitter", "jitter");
    }

    @Test
    void duration_malformed_failsStartNamingPropertyAndText() {
        boot.withPropertyValues("aside.policies.reference.ttl=soon")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("aside.policies.reference.ttl")
                        .rootCause()
                        .hasMessageContaining("'soon' is not a duration [hint: 250ms, 30s, 10m, 2h5m or PT30S]"));
    }

    @Test
    void property_misspelt_failsStartNamingIt() {
        boot.withPropertyValues("aside.policies.reference.tll=10m")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("aside.policies.reference.tll"));
    }

    @Test
    void threshold_negative_failsStartNamingProperty() {
        assertRefused("aside.offload.threshold=-1s", "aside.offload.threshold", "threshold");
    }

    @Test
    void adaptive_ofType_isBound() {
        boot.withPropertyValues("aside.offload.types.report.adaptive=true").run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(AsideProperties.class)
                            .offload()
                            .types()
                            .get("report")
                            .adaptive())
                    .isTrue();
        });
    }

    @Test
    void backlogOfType_negative_failsStartNamingProperty() {
        assertRefused(
                "aside.offload.types.report.max-backlog=-2", "aside.offload.types.report.max-backlog", "maxBacklog");
    }

    @Test
    void offloadProperties_threshold_isWhatCallersWait() {
        boot.withPropertyValues("aside.offload.threshold=0s", "aside.offload.drain=0s", "aside.offload.workers=2")
                .run(context -> {
                    OffloadExecutor offload = context.getBean(OffloadExecutor.class);
                    CountDownLatch end = new CountDownLatch(1);
                    try {
                        Outcome<String> outcome = offload.call("slow", job -> {
                            end.await();
                            return "done";
                        });
                        assertThat(outcome).isInstanceOf(Outcome.Promoted.class);
                    } finally {
                        end.countDown();
                    }
                });
    }

    @Test
    void offloadProperties_declaredTypesOnly_refuseOthers() {
        boot.withPropertyValues("aside.offload.declared-types-only=true", "aside.offload.types.report.max-concurrent=2")
                .run(context -> {
                    OffloadExecutor offload = context.getBean(OffloadExecutor.class);
                    assertThat(offload.call("report", job -> 1)).isEqualTo(new Outcome.Done<>(1));
                    assertThatThrownBy(() -> offload.call("other", job -> 1))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("other");
                });
    }

    @Test
    void listenerAndCustomizerBeans_arePickedUp() {
        boot.withUserConfiguration(ListeningBeans.class).run(context -> {
            Caches caches = context.getBean(Caches.class);
            assertThat(caches.policies().get("customized").ttl()).isEqualTo(Duration.ofSeconds(1));
            caches.cache("c", String.class, String.class).get("a", key -> "v");
            assertThat(context.getBean(ListeningBeans.class).events)
                    .singleElement()
                    .isInstanceOf(CacheEvent.Loaded.class);
        });
    }

    @Test
    void redisUri_withoutCacheRedis_failsStartNamingWhatIsMissing() {
        boot.withClassLoader(new FilteredClassLoader("dev.aside.cache.redis"))
                .withPropertyValues("aside.redis.uri=redis://user:secret@localhost")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("aside.redis.uri")
                        .hasMessageContaining("dev.aside:aside-cache-redis")
                        .hasMessageNotContaining("secret"));
    }

    @Test
    void redisUri_malformed_failsStartNamingPropertyWithoutPassword() {
        boot.withPropertyValues("aside.redis.uri=redis://user:secret@:x/y")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("malformed")
                        .hasMessageNotContaining("secret"));
    }

    @Test
    void durationsOfTheUser_areReadByBootAsBefore() {
        boot.withUserConfiguration(OwnProperties.class)
                .withPropertyValues("mine.pause=2h5m")
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining("mine.pause"));
    }

    private void assertRefused(String setting, String property, String reason) {
        boot.withPropertyValues(setting)
                .run(context -> assertThat(context.getStartupFailure())
                        .isNotNull()
                        .hasStackTraceContaining("for " + property)
                        .hasStackTraceContaining(reason));
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnBeans {
        @Bean
        Caches mine() {
            return Caches.builder().build();
        }

        @Bean
        OffloadExecutor mineToo() {
            return OffloadExecutor.create();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class PolicyBeans {
        @Bean
        TtlPolicy prices() {
            return TtlPolicy.named("prices")
                    .ttl(Duration.ofMinutes(1))
                    .jitter(0.3)
                    .build();
        }

        @Bean
        TtlPolicy stock() {
            return TtlPolicy.named("stock").ttl(Duration.ofSeconds(9)).build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ListeningBeans {
        final List<CacheEvent> events = new ArrayList<>();

        @Bean
        CacheListener listener() {
            return events::add;
        }

        @Bean
        CachesCustomizer customizer() {
            return builder -> builder.policy(
                    TtlPolicy.named("customized").ttl(Duration.ofSeconds(1)).build());
        }

        @Bean
        OffloadCustomizer offloadCustomizer() {
            return builder -> builder.type("customized", type -> type.threshold(Duration.ZERO));
        }
    }

    @ConfigurationProperties("mine")
    record Mine(Duration pause) {}

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(Mine.class)
    static class OwnProperties {}
}
