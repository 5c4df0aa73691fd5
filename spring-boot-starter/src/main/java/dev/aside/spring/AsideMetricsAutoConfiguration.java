package dev.aside.spring;

import dev.aside.cache.Caches;
import dev.aside.cache.redis.RedisTier;
import dev.aside.offload.OffloadExecutor;
import dev.aside.spring.actuate.CacheMeters;
import dev.aside.spring.actuate.OffloadMeters;
import dev.aside.spring.actuate.RedisTierMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Meters for the caches and the Redis tier, where Boot's metrics are there. {@code management.metrics.enable.aside=false}
 * turns them off.
 */
@AutoConfiguration(
        after = {AsideAutoConfiguration.class, AsideRedisAutoConfiguration.class},
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnBean(MeterRegistry.class)
public final class AsideMetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    CacheMeters asideCacheMeters(ObjectProvider<Caches> caches) {
        // the caches take these meters up as a listener, so they cannot be there yet
        return new CacheMeters(caches::getIfUnique);
    }

    @Bean
    @ConditionalOnMissingBean
    OffloadMeters asideOffloadMeters(ObjectProvider<OffloadExecutor> offload) {
        // the executor takes these meters up as a listener, so it cannot be there yet
        return new OffloadMeters(offload::getIfUnique);
    }

    /** What needs the Redis tier on the class path. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(RedisTier.class)
    @ConditionalOnSingleCandidate(RedisTier.class)
    static class RedisConfiguration {

        @Bean
        @ConditionalOnMissingBean
        RedisTierMeters asideRedisTierMeters(RedisTier tier) {
            return new RedisTierMeters(tier);
        }
    }
}
