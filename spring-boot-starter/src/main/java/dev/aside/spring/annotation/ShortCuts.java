package dev.aside.spring.annotation;

import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.interceptor.ExposeInvocationInterceptor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.cglib.proxy.Factory;
import org.springframework.cglib.proxy.MethodInterceptor;

/**
 * Gives class proxies of annotated beans a {@link ShortCut}, where nothing is advised to happen in front of the cache.
 * Runs after the proxies are made. Thread-safe.
 */
public final class ShortCuts implements BeanPostProcessor {
    /** The place of Spring's own callback for advised methods in a class proxy. */
    private static final int ADVISED = 0;

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof Advised advised
                && bean instanceof Factory proxy
                && advised.getTargetSource().isStatic()
                && advised.getTargetClass() != null
                && proxy.getCallback(ADVISED) instanceof MethodInterceptor springs) {
            Advisor[] advisors = advised.getAdvisors();
            int place = place(advisors);
            if (place >= 0) {
                proxy.setCallback(
                        ADVISED,
                        new ShortCut(springs, (CachedMethodAdvisor) advisors[place], place, advised.getTargetClass()));
            }
        }
        return bean;
    }

    /** Where our advisor is if it is the first that matters; -1 if not. */
    private static int place(Advisor[] advisors) {
        for (int i = 0; i < advisors.length; i++) {
            if (advisors[i] instanceof CachedMethodAdvisor) {
                return i;
            }
            if (advisors[i] != ExposeInvocationInterceptor.ADVISOR) {
                return -1;
            }
        }
        return -1;
    }
}
