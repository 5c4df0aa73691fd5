package dev.aside.cache;

import dev.aside.cache.proxy.MethodParser;
import dev.aside.cache.proxy.MethodPlan;
import dev.aside.cache.spi.CachedView;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Makes the proxy of an annotated interface: parses it, defines its caches, binds each method to its way of working. */
final class ProxyFactory {
    private ProxyFactory() {}

    static <T> T create(CacheRegistry registry, Class<T> type, T target) {
        Objects.requireNonNull(target, "target");
        List<MethodPlan> plans = MethodParser.parse(type, target.getClass());
        Map<Method, Invocation> invocations = new HashMap<>();
        new PlanBinder(registry).bind(plans).forEach((method, interception) -> {
            Target body = Target.of(method, target);
            invocations.put(
                    method,
                    interception instanceof ReadInvocation read
                            ? new BoundRead(read, body)
                            : arguments -> interception.invoke(arguments, body));
        });
        for (Method method : type.getMethods()) {
            invocations.computeIfAbsent(method, plain -> Target.of(plain, target)::call);
        }
        Object proxy =
                Proxy.newProxyInstance(type.getClassLoader(), interfaces(type), new CachedProxy(target, invocations));
        return type.cast(proxy);
    }

    /** The type, and what tells others that it is cached, if the type's loader knows that. */
    private static Class<?>[] interfaces(Class<?> type) {
        try {
            Class<?> seen = Class.forName(CachedView.class.getName(), false, type.getClassLoader());
            return seen == CachedView.class ? new Class<?>[] {type, CachedView.class} : new Class<?>[] {type};
        } catch (ClassNotFoundException e) {
            return new Class<?>[] {type};
        }
    }
}
