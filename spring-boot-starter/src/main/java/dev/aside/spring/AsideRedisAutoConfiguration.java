package dev.aside.spring;

import dev.aside.cache.redis.RedisTier;
import dev.aside.cache.redis.RedisTierBuilder;
import dev.aside.cache.redis.RedisTierListener;
import dev.aside.cache.spi.RemoteTier;
import dev.aside.spring.AsideProperties.Redis;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Makes Redis the level that nodes share, when {@code aside.redis.uri} is set and there is no other {@link RemoteTier}.
 * The tier takes up every {@link RedisTierListener} and {@link RedisTierCustomizer} bean and ends with the context.
 */
@AutoConfiguration(before = AsideAutoConfiguration.class)
@ConditionalOnClass(RedisTier.class)
@ConditionalOnProperty("aside.redis.uri")
@EnableConfigurationProperties(AsideProperties.class)
public final class AsideRedisAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(RemoteTier.class)
    RedisTier asideRedisTier(
            AsideProperties properties,
            ObjectProvider<RedisTierListener> listeners,
            ObjectProvider<RedisTierCustomizer> customizers) {
        RedisTierBuilder builder = RedisTier.builder();
        configure(builder, properties.redis());
        listeners.orderedStream().forEach(builder::listener);
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return builder.build();
    }

    private static void configure(RedisTierBuilder builder, Redis redis) {
        uri(builder, redis.uri());
        Property.apply("aside.redis.namespace", redis.namespace(), builder::namespace);
        Property.apply("aside.redis.shards", redis.shards(), builder::shards);
        Property.apply(
                "aside.redis.startup",
                redis.startup(),
                startup -> builder.startup(
                        switch (startup) {
                            case FAIL_FAST -> RedisTier.Startup.FAIL_FAST;
                            case DEGRADED -> RedisTier.Startup.DEGRADED;
                        }));
        Property.apply("aside.redis.command-timeout", redis.commandTimeout(), builder::commandTimeout);
        Property.apply("aside.redis.heartbeat", redis.heartbeat(), builder::heartbeat);
        Property.apply("aside.redis.stale-bound", redis.staleBound(), builder::staleBound);
    }

    private static void uri(RedisTierBuilder builder, @Nullable String uri) {
        if (uri == null) {
            return;
        }
        try {
            builder.uri(uri);
        } catch (IllegalArgumentException e) {
            // the value may hold a password and stays out of the report
            throw Property.invalid("aside.redis.uri", "***", e);
        }
    }
}
