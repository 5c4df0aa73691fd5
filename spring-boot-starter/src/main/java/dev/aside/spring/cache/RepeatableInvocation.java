package dev.aside.spring.cache;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Method;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.interceptor.ExposeInvocationInterceptor;

/**
 * A call whose rest can be run more than once, and on other threads: a value is loaded anew behind its readers, and a
 * publisher runs for each subscription. Spring's own goes on where it left off, which is after the inner advice.
 */
final class RepeatableInvocation implements MethodInvocation {
    private final MethodInvocation original;

    RepeatableInvocation(MethodInvocation invocation) {
        this.original = invocation; // which is never gone on with itself, only copies of it are
    }

    @Override
    public @Nullable Object proceed() throws Throwable {
        return original instanceof ProxyMethodInvocation call
                ? ExposeInvocationInterceptor.INSTANCE.invoke(call.invocableClone())
                : original.proceed();
    }

    @Override
    public Method getMethod() {
        return original.getMethod();
    }

    @Override
    public @Nullable Object[] getArguments() {
        return original.getArguments();
    }

    @Override
    public @Nullable Object getThis() {
        return original.getThis();
    }

    @Override
    public AccessibleObject getStaticPart() {
        return original.getStaticPart();
    }
}
