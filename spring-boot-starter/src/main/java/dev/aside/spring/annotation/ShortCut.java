package dev.aside.spring.annotation;

import dev.aside.cache.CachedCalls;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.Advised;
import org.springframework.cglib.proxy.MethodInterceptor;
import org.springframework.cglib.proxy.MethodProxy;

/**
 * Answers a call of a class proxy that is a plain hit before Spring makes an invocation of it, which costs more than the
 * hit; all other calls go Spring's way. Thread-safe.
 */
final class ShortCut implements MethodInterceptor {
    private final MethodInterceptor springs;
    private final CachedMethodAdvisor advisor;
    private final int place;
    private final Class<?> target;
    private volatile @Nullable CachedCalls calls;

    /**
     * @param springs what the proxy did before
     * @param advisor ours
     * @param place of our advisor among all of the proxy: nothing in front of it has a say in a hit
     * @param target the class of the bean
     */
    ShortCut(MethodInterceptor springs, CachedMethodAdvisor advisor, int place, Class<?> target) {
        this.springs = springs;
        this.advisor = advisor;
        this.place = place;
        this.target = target;
    }

    @Override
    public @Nullable Object intercept(Object proxy, Method method, @Nullable Object[] arguments, MethodProxy original)
            throws Throwable {
        CachedCalls bound = calls;
        // advice may be added while the application runs: then ours has moved
        if (bound != null && ((Advised) proxy).indexOf(advisor) == place) {
            Object answer = bound.quick(method, arguments);
            if (answer != CachedCalls.LONG_WAY) {
                return answer;
            }
        }
        Object answer = springs.intercept(proxy, method, arguments, original);
        if (bound == null) {
            calls = advisor.bound(target); // not before a call has come as far as to our advice
        }
        return answer;
    }
}
