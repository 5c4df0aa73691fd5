package dev.aside.spring;

import dev.aside.cache.Caches;
import dev.aside.spring.annotation.CachedMethodAdvisor;
import dev.aside.spring.annotation.ShortCuts;
import org.springframework.aop.config.AopConfigUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Makes Aside's annotations work on every bean, unless {@code aside.annotations.enabled} is false. Beans are proxied the way
 * the application proxies the others: {@code spring.aop.proxy-target-class}.
 */
@AutoConfiguration(after = AsideAutoConfiguration.class)
@ConditionalOnProperty(name = "aside.annotations.enabled", matchIfMissing = true)
@Import(AsideAnnotationAutoConfiguration.AutoProxying.class)
public final class AsideAnnotationAutoConfiguration {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static CachedMethodAdvisor asideCachedMethodAdvisor(ObjectProvider<Caches> caches, Environment environment) {
        CachedMethodAdvisor advisor = new CachedMethodAdvisor(caches::getObject);
        // read here because an advisor is made before properties are bound
        Integer order = environment.getProperty("aside.annotations.order", Integer.class);
        if (order != null) {
            advisor.setOrder(order);
        }
        return advisor;
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    @ConditionalOnProperty(name = "aside.annotations.short-cut", matchIfMissing = true)
    static ShortCuts asideShortCuts() {
        return new ShortCuts();
    }

    /** Has beans proxied where nothing else has. */
    static final class AutoProxying implements ImportBeanDefinitionRegistrar, EnvironmentAware {
        private boolean classes = true;

        @Override
        public void setEnvironment(Environment environment) {
            classes = environment.getProperty("spring.aop.proxy-target-class", Boolean.class, true);
        }

        @Override
        public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
            AopConfigUtils.registerAutoProxyCreatorIfNecessary(registry);
            if (classes) {
                AopConfigUtils.forceAutoProxyCreatorToUseClassProxying(registry);
            }
        }
    }
}
