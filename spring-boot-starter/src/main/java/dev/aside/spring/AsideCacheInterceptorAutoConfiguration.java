package dev.aside.spring;

import dev.aside.cache.spi.TransactionBridge;
import dev.aside.spring.cache.CacheInterceptorReplacer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;

/**
 * Has Spring's cache annotations know which put answers which miss, in Aside's caches, whoever made their manager. Caches of
 * other managers are answered as ever.
 */
@AutoConfiguration
@ConditionalOnBean(CacheAspectSupport.class)
@ConditionalOnProperty(name = "aside.spring-cache.enabled", matchIfMissing = true)
public final class AsideCacheInterceptorAutoConfiguration {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static CacheInterceptorReplacer asideCacheInterceptorReplacer(ObjectProvider<TransactionBridge> transactions) {
        return new CacheInterceptorReplacer(transactions::getIfAvailable);
    }
}
