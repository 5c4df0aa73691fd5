package dev.aside.spring;

import dev.aside.cache.redis.RedisTier;
import dev.aside.cache.redis.RedisTierBuilder;
import dev.aside.cache.redis.RedisTierListener;
import dev.aside.cache.spi.RemoteTier;
import dev.aside.spring.redis.SelfDescribingCodec;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.Environment;

/**
 * Makes Redis the level that nodes share, when {@code aside.redis.uri} is set or Spring Data Redis was told where Redis is,
 * and there is no other {@link RemoteTier}. The tier takes up every {@link RedisTierListener} and
 * {@link RedisTierCustomizer} bean and ends with the context.
 */
@AutoConfiguration(before = AsideAutoConfiguration.class)
@ConditionalOnClass(RedisTier.class)
@Conditional(OnRedisCondition.class)
@EnableConfigurationProperties(AsideProperties.class)
public final class AsideRedisAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(RemoteTier.class)
    RedisTier asideRedisTier(
            AsideProperties properties,
            Environment environment,
            ConfigurableListableBeanFactory beans,
            ObjectProvider<RedisTierListener> listeners,
            ObjectProvider<RedisTierCustomizer> customizers) {
        RedisTierBuilder builder = RedisTier.builder();
        RedisSettings.apply(properties.redis(), builder);
        List<String> place = RedisAddress.apply(properties.redis(), environment, beans, builder);
        listeners.orderedStream().forEach(builder::listener);
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        builder.wrapCodec(
                codec -> new SelfDescribingCodec(codec, properties.springCache().valueTypes()));
        return RedisStart.build(builder, place);
    }
}
