package dev.aside.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.spring.actuate.AsideHealthIndicator;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class AsideHealthAutoConfigurationTest {
    private final ApplicationContextRunner boot = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AsideAutoConfiguration.class,
                    AsideRedisAutoConfiguration.class,
                    AsideHealthAutoConfiguration.class));

    @Test
    void tier_absent_contributesNothing() {
        boot.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(AsideHealthIndicator.class));
    }

    @Test
    void health_notOnClassPath_startsAllTheSame() {
        boot.withClassLoader(new FilteredClassLoader(HealthIndicator.class))
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void cacheRedis_notOnClassPath_startsAllTheSame() {
        boot.withClassLoader(new FilteredClassLoader("dev.aside.cache.redis"))
                .run(context -> assertThat(context).hasNotFailed());
    }
}
