package dev.aside.spring;

import dev.aside.cache.Caches;
import dev.aside.cache.redis.RedisTier;
import dev.aside.spring.actuate.AsideEndpoint;
import dev.aside.spring.actuate.AsideEndpointWebExtension;
import dev.aside.spring.actuate.JobsView;
import dev.aside.spring.actuate.RedisTierView;
import dev.aside.spring.actuate.TierView;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The Actuator endpoint {@code aside}, where it is exposed. It only reads, unless
 * {@code management.endpoint.aside.access=unrestricted}.
 */
@AutoConfiguration(after = {AsideAutoConfiguration.class, AsideRedisAutoConfiguration.class})
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(AsideEndpoint.class)
@ConditionalOnSingleCandidate(Caches.class)
@EnableConfigurationProperties(AsideEndpointProperties.class)
public final class AsideEndpointAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    AsideEndpoint asideEndpoint(
            Caches caches,
            ObjectProvider<TierView> tier,
            AsideEndpointProperties properties,
            ObjectProvider<JobsView> jobs) {
        return new AsideEndpoint(
                caches,
                tier.getIfAvailable(() -> TierView.NONE),
                properties.showValues(),
                jobs.getIfAvailable(() -> new JobsView(() -> null, "none")));
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(AsideEndpoint.class)
    @ConditionalOnAvailableEndpoint(endpoint = AsideEndpoint.class, exposure = EndpointExposure.WEB)
    AsideEndpointWebExtension asideEndpointWebExtension(AsideEndpoint endpoint, AsideEndpointProperties properties) {
        return new AsideEndpointWebExtension(endpoint, properties.showValues(), properties.roles());
    }

    /** What needs the Redis tier on the class path. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(RedisTier.class)
    @ConditionalOnSingleCandidate(RedisTier.class)
    static class RedisConfiguration {

        @Bean
        @ConditionalOnMissingBean(TierView.class)
        RedisTierView asideTierView(RedisTier tier) {
            return new RedisTierView(tier);
        }
    }
}
