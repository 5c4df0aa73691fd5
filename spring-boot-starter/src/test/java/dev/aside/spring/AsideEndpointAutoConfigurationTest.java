package dev.aside.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.Caches;
import dev.aside.spring.actuate.AsideEndpoint;
import dev.aside.spring.actuate.AsideEndpointWebExtension;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

class AsideEndpointAutoConfigurationTest {
    private final WebApplicationContextRunner boot = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AsideAutoConfiguration.class,
                    AsideRedisAutoConfiguration.class,
                    AsideEndpointAutoConfiguration.class));

    @Test
    void endpoint_notExposed_isNotThere() {
        boot.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(AsideEndpoint.class));
    }

    @Test
    void endpoint_exposed_isThere() {
        boot.withPropertyValues("management.endpoints.web.exposure.include=aside")
                .run(context -> {
                    assertThat(context)
                            .hasSingleBean(AsideEndpoint.class)
                            .hasSingleBean(AsideEndpointWebExtension.class);
                    assertThat(context.getBean(AsideEndpoint.class).overview().tier())
                            .containsEntry("redis", "none");
                });
    }

    @Test
    void endpoint_exposedWithoutAccess_isNotThere() {
        boot.withPropertyValues(
                        "management.endpoints.web.exposure.include=aside", "management.endpoint.aside.access=NONE")
                .run(context -> assertThat(context).doesNotHaveBean(AsideEndpoint.class));
    }

    @Test
    void values_unlessAskedFor_areNotTold() {
        boot.withPropertyValues("management.endpoints.web.exposure.include=aside")
                .run(context -> {
                    context.getBean(Caches.class)
                            .cache("values", String.class, String.class)
                            .get("k", key -> "secret");
                    AsideEndpoint.Entry entry = context.getBean(AsideEndpoint.class)
                            .cache("values", "k")
                            .entry();
                    assertThat(entry).isNotNull();
                    assertThat(entry.held()).isTrue();
                    assertThat(entry.value()).isNull();
                });
    }

    @Test
    void cacheRedis_notOnClassPath_endpointWorks() {
        boot.withClassLoader(new FilteredClassLoader("dev.aside.cache.redis"))
                .withPropertyValues("management.endpoints.web.exposure.include=aside")
                .run(context -> assertThat(
                                context.getBean(AsideEndpoint.class).overview().tier())
                        .containsEntry("redis", "none"));
    }

    @Test
    void actuator_notOnClassPath_startsAllTheSame() {
        boot.withClassLoader(new FilteredClassLoader(ConditionalOnAvailableEndpoint.class))
                .withPropertyValues("management.endpoints.web.exposure.include=aside")
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(Caches.class));
    }
}
