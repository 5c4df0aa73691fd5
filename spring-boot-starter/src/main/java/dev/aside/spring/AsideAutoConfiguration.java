package dev.aside.spring;

import dev.aside.cache.CacheListener;
import dev.aside.cache.Caches;
import dev.aside.cache.TtlPolicy;
import dev.aside.cache.spi.RemoteTier;
import dev.aside.cache.spi.TransactionBridge;
import dev.aside.offload.OffloadBuilder;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.OffloadListener;
import dev.aside.offload.spi.ContextCarrier;
import dev.aside.offload.spi.JobStore;
import dev.aside.offload.spi.PayloadCodec;
import dev.aside.spring.offload.OffloadedMethods;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

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
            requireNoRedis(properties.redis());
        }
        transactions.ifAvailable(builder::transactions);
        Property.apply("aside.event-loop-guard", properties.eventLoopGuard(), builder::eventLoopGuard);
        PolicyFactory.create(policies.orderedStream().toList(), properties.policies())
                .forEach(builder::policy);
        listeners.orderedStream().forEach(builder::listener);
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return builder.build();
    }

    @Bean
    static OffloadedMethods asideOffloadedMethods(ConfigurableListableBeanFactory beans) {
        return OffloadedMethods.in(beans, AsideDurationConverter::parse);
    }

    @Bean
    @ConditionalOnMissingBean
    OffloadExecutor asideOffloadExecutor(
            AsideProperties properties,
            OffloadedMethods methods,
            ObjectProvider<JobStore> store,
            OffloadParts parts,
            ObjectProvider<OffloadCustomizer> customizers,
            Environment environment) {
        OffloadBuilder builder = OffloadFactory.builder(properties.offload(), methods.byType());
        OffloadFactory.drain(builder, properties.offload(), environment);
        OffloadFactory.guard(builder, properties.eventLoopGuard());
        store.ifAvailable(builder::store);
        parts.addTo(builder, store.getIfAvailable());
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return builder.build();
    }

    @Bean
    OffloadParts asideOffloadParts(
            ObjectProvider<ContextCarrier> carriers,
            ObjectProvider<OffloadListener> listeners,
            ObjectProvider<PayloadCodec> codec,
            ObjectProvider<StandardCodec> standard,
            ObjectProvider<ResultCodec> results) {
        return new OffloadParts(carriers, listeners, codec, standard, results);
    }

    private static void requireNoRedis(AsideProperties.Redis redis) {
        if (redis.isDemanded()) {
            throw new StartRefusedException(
                    "there is nothing that speaks to Redis",
                    "add dev.aside:aside-cache-redis to the class path, or set aside.redis.enabled to false",
                    List.of("aside.redis.uri", "aside.redis.enabled"));
        }
    }
}
