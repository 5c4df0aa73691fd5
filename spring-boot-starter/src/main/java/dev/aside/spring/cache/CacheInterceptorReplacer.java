package dev.aside.spring.cache;

import dev.aside.cache.spi.TransactionBridge;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.cache.interceptor.CacheInterceptor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Puts Aside's interceptor in the place of Spring's own, with all of its settings. Comes first, because interceptors are
 * made as soon as anything is proxied. An interceptor of the application's own class is left alone.
 */
public final class CacheInterceptorReplacer implements BeanPostProcessor, BeanFactoryAware, PriorityOrdered {
    private static final Logger LOG = System.getLogger(CacheInterceptorReplacer.class.getName());

    private final Supplier<? extends @Nullable TransactionBridge> transactions;
    private @Nullable BeanFactory beans;

    /** @param transactions asked when a value is loaded; may give null */
    public CacheInterceptorReplacer(Supplier<? extends @Nullable TransactionBridge> transactions) {
        this.transactions = transactions;
    }

    @Override
    public Object postProcessBeforeInitialization(Object bean, String name) {
        if (bean.getClass() != CacheInterceptor.class) {
            if (bean instanceof CacheInterceptor) {
                LOG.log(
                        Level.WARNING,
                        "{0} is not Spring''s own cache interceptor and is left as it is: what @Cacheable methods load is"
                                + " kept in Aside''s caches even if it was evicted meanwhile",
                        bean.getClass().getName());
            }
            return bean;
        }
        AsideCacheInterceptor ours = new AsideCacheInterceptor((CacheInterceptor) bean, transactions);
        if (beans != null) {
            ours.setBeanFactory(beans); // expressions find beans by it
        }
        return ours;
    }

    @Override
    public void setBeanFactory(BeanFactory factory) {
        beans = factory;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }
}
