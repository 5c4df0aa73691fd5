package dev.aside.spring.annotation;

import dev.aside.cache.CachedCalls;
import dev.aside.cache.Caches;
import dev.aside.cache.spi.MethodBody;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.interceptor.ExposeInvocationInterceptor;
import org.springframework.util.ClassUtils;

/** Hands calls of annotated methods to the caches, with the rest of the call as their body. Thread-safe. */
final class CachedMethodInterceptor implements MethodInterceptor {
    private final AnnotatedTypes types;
    private final Supplier<Caches> caches;
    private final Map<Class<?>, CachedCalls> bound = new ConcurrentHashMap<>();

    CachedMethodInterceptor(AnnotatedTypes types, Supplier<Caches> caches) {
        this.types = types;
        this.caches = caches;
    }

    @Nullable CachedCalls bound(Class<?> type) {
        return bound.get(type);
    }

    /** Defines the caches that a class wants. */
    CachedCalls bind(Class<?> type) {
        CachedCalls known = bound.get(type);
        return known == null
                ? bound.computeIfAbsent(type, wanted -> caches.get().calls(types.of(ClassUtils.getUserClass(wanted))))
                : known;
    }

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        Object target = invocation.getThis();
        Class<?> type = target == null ? invocation.getMethod().getDeclaringClass() : target.getClass();
        return bind(type).invoke(invocation.getMethod(), invocation.getArguments(), body(invocation));
    }

    /** A call goes on from here as often as the caches want, and on threads of theirs: each time on a copy of it. */
    private static MethodBody body(MethodInvocation invocation) {
        return arguments -> invocation instanceof ProxyMethodInvocation call
                ? ExposeInvocationInterceptor.INSTANCE.invoke(call.invocableClone(arguments)) // for inner aspects
                : proceed(invocation, arguments);
    }

    private static @Nullable Object proceed(MethodInvocation invocation, @Nullable Object[] arguments)
            throws Throwable {
        if (arguments != invocation.getArguments()) {
            throw new IllegalStateException("this kind of proxy cannot call " + invocation.getMethod()
                    + " with other arguments [hint: use Spring's own proxies]");
        }
        return invocation.proceed();
    }
}
