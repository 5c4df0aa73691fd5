package dev.aside.spring.annotation;

import dev.aside.cache.CachedCalls;
import dev.aside.cache.Caches;
import java.lang.reflect.Method;
import java.util.function.Supplier;
import org.aopalliance.aop.Advice;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ClassFilter;
import org.springframework.aop.Pointcut;
import org.springframework.aop.support.AbstractPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.Ordered;

/**
 * Sends calls of annotated bean methods through their caches: on classes and interfaces, and on what factory beans make,
 * such as repositories. By default outside of transactions, which have the last place, and inside of anything else, such as
 * checks of who may call: those are made for a cached answer too.
 *
 * <p>Thread-safe.
 */
public final class CachedMethodAdvisor extends AbstractPointcutAdvisor implements SmartInitializingSingleton {
    /** Before the transaction's advice, after everything that says where it wants to be. */
    public static final int DEFAULT_ORDER = Ordered.LOWEST_PRECEDENCE - 100;

    private static final long serialVersionUID = 1L;

    private final transient AnnotatedTypes types = new AnnotatedTypes();
    private final transient CachedMethodInterceptor interceptor;
    private final transient Pointcut pointcut;

    /** @param caches asked when the first call comes, or when all beans are there, but not before */
    public CachedMethodAdvisor(Supplier<Caches> caches) {
        this.interceptor = new CachedMethodInterceptor(types, caches);
        this.pointcut = new AnnotatedMethodPointcut(types);
        setOrder(DEFAULT_ORDER);
    }

    /** What the annotations of a bean's class do; null before the first call came to them. */
    @Nullable CachedCalls bound(Class<?> type) {
        return interceptor.bound(type);
    }

    @Override
    public Pointcut getPointcut() {
        return pointcut;
    }

    @Override
    public Advice getAdvice() {
        return interceptor;
    }

    /** What annotations want that the caches refuse fails the start, not the first call. */
    @Override
    public void afterSingletonsInstantiated() {
        types.annotated().forEach(type -> {
            interceptor.bind(type);
            SelfInvocations.warn(type, types.of(type));
        });
    }

    private static final class AnnotatedMethodPointcut extends StaticMethodMatcherPointcut {
        private final AnnotatedTypes types;

        AnnotatedMethodPointcut(AnnotatedTypes types) {
            this.types = types;
            ClassFilter annotated = types::anyIn;
            setClassFilter(annotated);
        }

        @Override
        public boolean matches(Method method, Class<?> targetClass) {
            return types.of(targetClass).contains(method);
        }
    }
}
