package dev.aside.spring;

import dev.aside.cache.Caches;
import dev.aside.spring.cache.AsideCacheManager;
import dev.aside.spring.cache.SpringCacheSettings;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Puts Aside behind {@code @Cacheable} and its siblings, in an application that has them enabled and neither a {@link
 * CacheManager} of its own nor a {@code spring.cache.type}.
 */
@AutoConfiguration(
        after = AsideAutoConfiguration.class,
        beforeName = "org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration")
@ConditionalOnBean(CacheAspectSupport.class)
@ConditionalOnMissingBean({CacheManager.class, CacheResolver.class})
@ConditionalOnProperty(name = "aside.spring-cache.enabled", matchIfMissing = true)
@ConditionalOnProperty(name = "spring.cache.type", havingValue = "aside", matchIfMissing = true)
@EnableConfigurationProperties(AsideProperties.class)
public final class AsideCacheManagerAutoConfiguration {

    @Bean
    AsideCacheManager asideCacheManager(AsideProperties properties, Environment environment, Caches caches) {
        AsideProperties.SpringCaches springCache = properties.springCache();
        Map<String, SpringCacheSettings> settings = new TreeMap<>();
        springCache.caches().forEach((name, own) -> settings.put(name, settings(own)));
        return AsideCacheManager.builder(caches)
                .policy(springCache.policy())
                .cacheNames(springCache.cacheNames().isEmpty() ? bootsNames(environment) : springCache.cacheNames())
                .settings(settings)
                .build();
    }

    private static SpringCacheSettings settings(AsideProperties.SpringCache own) {
        return new SpringCacheSettings(own.policy(), own.ttl(), own.localTtl(), own.nullTtl());
    }

    /** The list that Boot's own managers go by. */
    private static List<String> bootsNames(Environment environment) {
        return Binder.get(environment)
                .bind("spring.cache.cache-names", Bindable.listOf(String.class))
                .orElse(List.of());
    }
}
