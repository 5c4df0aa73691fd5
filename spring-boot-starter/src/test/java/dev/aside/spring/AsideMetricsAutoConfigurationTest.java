package dev.aside.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.Caches;
import dev.aside.spring.actuate.CacheMeters;
import dev.aside.spring.actuate.RedisTierMeters;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class AsideMetricsAutoConfigurationTest {
    private final ApplicationContextRunner aside = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AsideAutoConfiguration.class,
                    AsideRedisAutoConfiguration.class,
                    AsideMetricsAutoConfiguration.class));
    private final ApplicationContextRunner boot = aside.withConfiguration(AutoConfigurations.of(
            MetricsAutoConfiguration.class,
            CompositeMeterRegistryAutoConfiguration.class,
            SimpleMetricsExportAutoConfiguration.class));

    @Test
    void cache_defined_isMeasured() {
        boot.run(context -> {
            Caches caches = context.getBean(Caches.class);
            caches.cache("values", String.class, String.class).get("k", key -> "v");
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            assertThat(registry.get("aside.caches").gauge().value()).isEqualTo(1);
            assertThat(loads(registry)).isEqualTo(1);
            assertThat(context).doesNotHaveBean(RedisTierMeters.class);
        });
    }

    @Test
    void cachesOfTheUser_listenedTo_areMeasured() {
        boot.withUserConfiguration(OwnCaches.class).run(context -> {
            context.getBean(Caches.class)
                    .cache("values", String.class, String.class)
                    .get("k", key -> "v");
            assertThat(loads(context.getBean(MeterRegistry.class))).isEqualTo(1);
        });
    }

    @Test
    void metersDisabled_byProperty_areNotThere() {
        boot.withPropertyValues("management.metrics.enable.aside=false").run(context -> {
            context.getBean(Caches.class)
                    .cache("values", String.class, String.class)
                    .get("k", key -> "v");
            assertThat(context.getBean(MeterRegistry.class).getMeters())
                    .noneMatch(meter -> meter.getId().getName().startsWith("aside."));
        });
    }

    @Test
    void registry_absent_leavesMetersOut() {
        aside.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(CacheMeters.class));
    }

    @Test
    void micrometer_notOnClassPath_leavesMetersOut() {
        aside.withClassLoader(new FilteredClassLoader("io.micrometer"))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(Caches.class));
    }

    private static long loads(MeterRegistry registry) {
        return registry.get("aside.cache.load")
                .tag("cache", "values")
                .tag("result", "success")
                .timer()
                .count();
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnCaches {
        // spotless:off
        @Bean
        Caches caches(ObjectProvider<CacheMeters> meters) {
            Caches.Builder builder = Caches.builder();
            meters.ifAvailable(builder::listener); // for the load timer and what else is told by events
            return builder.build();
        }
        // spotless:on
    }
}
