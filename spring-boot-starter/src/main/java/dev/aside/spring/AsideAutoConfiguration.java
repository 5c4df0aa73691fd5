package dev.aside.spring;

import dev.aside.cache.CacheListener;
import dev.aside.cache.Caches;
import dev.aside.cache.TtlPolicy;
import dev.aside.cache.spi.RemoteTier;
import dev.aside.cache.spi.TransactionBridge;
import dev.aside.offload.OffloadBuilder;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.spi.JobStore;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;

/**
 * Gives an application its {@link Caches} and its {@link OffloadExecutor}, unless it has beans of its own. Both end with
 * the context.
 *
 * <p>The caches take up every {@link TtlPolicy}, {@link CacheListener} and {@link CachesCustomizer} bean, the
 * {@link RemoteTier} and the {@link TransactionBridge}; the executor every {@link OffloadCustomizer} and the
 * {@link JobStore}.
 */
@AutoConfiguration
@EnableConfigurationProperties(AsideProperties.class)
public final class AsideAutoConfiguration {

    @Bean
    @ConfigurationPropertiesBinding
    static AsideDurationConverter asideDurationConverter() {
        return new AsideDurationConverter();
    }

    @Bean
    @ConditionalOnMissingBean
    Caches asideCaches(
            AsideProperties properties,
            ObjectProvider<RemoteTier> remote,
            ObjectProvider<TransactionBridge> transactions,
            ObjectProvider<TtlPolicy> policies,
            ObjectProvider<CacheListener> listeners,
            ObjectProvider<CachesCustomizer> customizers) {
        Caches.Builder builder = Caches.builder();
        RemoteTier tier = remote.getIfAvailable();
        if (tier != null) {
            builder.remote(tier);
        } else {
            requireNoRedis(properties.redis().uri());
        }
        transactions.ifAvailable(builder::transactions);
        PolicyFactory.create(policies.orderedStream().toList(), properties.policies())
                .forEach(builder::policy);
        listeners.orderedStream().forEach(builder::listener);
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return builder.build();
    }

    @Bean
    @ConditionalOnMissingBean
    OffloadExecutor asideOffloadExecutor(
            AsideProperties properties, ObjectProvider<JobStore> store, ObjectProvider<OffloadCustomizer> customizers) {
        OffloadBuilder builder = OffloadFactory.builder(properties.offload());
        store.ifAvailable(builder::store);
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return builder.build();
    }

    private static void requireNoRedis(@Nullable String uri) {
        if (uri != null) {
            throw new InvalidConfigurationPropertyValueException(
                    "aside.redis.uri",
                    "***",
                    "there is nothing that speaks to Redis [hint: add dev.aside:aside-cache-redis to the class path]");
        }
    }
}
