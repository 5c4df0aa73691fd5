package dev.aside.spring;

import dev.aside.offload.redis.RedisJobStore;
import dev.aside.offload.redis.RedisJobStoreBuilder;
import dev.aside.offload.spi.JobStore;
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
 * Keeps jobs in Redis, where every node knows them and named ones survive the node that runs them, when
 * {@code aside-offload-redis} is on the class path, it is said where Redis is, and there is no other {@link JobStore}. The
 * store takes up every {@link JobStoreCustomizer} bean and ends with the context, after the executor.
 */
@AutoConfiguration(before = {AsideAutoConfiguration.class, AsideOffloadAutoConfiguration.class})
@ConditionalOnClass(RedisJobStore.class)
@Conditional(OnJobRedisCondition.class)
@EnableConfigurationProperties(AsideProperties.class)
public final class AsideJobStoreAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(JobStore.class)
    RedisJobStore asideJobStore(
            AsideProperties properties,
            Environment environment,
            ConfigurableListableBeanFactory beans,
            ObjectProvider<JobStoreCustomizer> customizers) {
        RedisJobStoreBuilder builder = RedisJobStore.builder();
        JobStoreSettings.apply(properties.offload().redis(), builder);
        List<String> place = JobStoreSettings.place(properties, environment, beans, builder);
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return JobStoreSettings.build(builder, place);
    }
}
