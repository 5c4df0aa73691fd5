package dev.aside.cache;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands behind a proxy: finds the invocation of the method called. Immutable. */
final class CachedProxy implements InvocationHandler {
    private static final @Nullable Object[] NOTHING = {};

    private final Object target;
    private final MethodTable<Invocation> invocations;

    CachedProxy(Object target, Map<Method, Invocation> invocations) {
        this.target = target;
        this.invocations = new MethodTable<>(invocations);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        Invocation invocation = invocations.find(method);
        // said once more for the compiler: a call it can inline leaves the array of arguments on the stack
        return invocation instanceof BoundRead read && arguments != null
                ? read.invoke(arguments)
                : other(invocation, method, arguments);
    }

    private @Nullable Object other(
            @Nullable Invocation invocation, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
        if (invocation != null) {
            return invocation.invoke(arguments == null ? NOTHING : arguments);
        }
        return switch (method.getName()) {
            case "equals" -> arguments != null && sameTarget(arguments[0]);
            case "hashCode" -> target.hashCode();
            default -> "cached " + target;
        };
    }

    /** Two proxies are equal if they stand before equal objects. */
    private boolean sameTarget(@Nullable Object other) {
        return other != null
                && Proxy.isProxyClass(other.getClass())
                && Proxy.getInvocationHandler(other) instanceof CachedProxy that
                && target.equals(that.target);
    }
}
