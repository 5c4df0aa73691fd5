package dev.aside.spring;

import dev.aside.cache.redis.RedisTier;
import dev.aside.cache.redis.RedisTierBuilder;
import dev.aside.cache.redis.RedisTierListener;
import dev.aside.cache.spi.RemoteTier;
import java.util.List;
import java.util.Objects;
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
        RedisSettings.apply(properties.redis(), builder);
        RedisSettings.uri(Objects.requireNonNull(properties.redis().uri()), builder);
        listeners.orderedStream().forEach(builder::listener);
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return RedisStart.build(builder, List.of("aside.redis.uri"));
    }
}
