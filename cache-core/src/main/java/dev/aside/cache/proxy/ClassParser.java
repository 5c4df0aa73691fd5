package dev.aside.cache.proxy;

import dev.aside.cache.spi.CacheConfigurationException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads the annotations of a class and of all its interfaces into plans, for who intercepts calls of either. */
public final class ClassParser {
    private ClassParser() {}

    /**
     * The plans of the annotated methods; none if there are none.
     *
     * @throws CacheConfigurationException if one cannot work as it is written
     */
    public static List<MethodPlan> parse(Class<?> type) {
        Types types = new Types(type);
        List<MethodPlan> plans = new ArrayList<>();
        if (!type.isInterface() && !Proxy.isProxyClass(type)) {
            refuseUnreachable(type);
            plans.addAll(new MethodParser(type, type, types).plans(methods(type)));
        }
        Set<Class<?>> interfaces = new LinkedHashSet<>(Types.interfaces(type));
        if (type.isInterface()) {
            interfaces.add(type);
        }
        Set<Method> plain = new LinkedHashSet<>();
        for (Class<?> offered : interfaces) {
            List<Method> methods = Arrays.asList(offered.getMethods());
            plans.addAll(new MethodParser(offered, type, types).plans(methods));
            plain.addAll(methods);
        }
        plans.forEach(plan -> plain.remove(plan.method()));
        plans.addAll(MethodParser.general(plans, plain, types));
        return plans;
    }

    /** What a subclass could override, nearest first. */
    private static Set<Method> methods(Class<?> type) {
        Set<Method> all = new LinkedHashSet<>(Arrays.asList(type.getMethods()));
        for (Class<?> owner = type; owner != null && owner != Object.class; owner = owner.getSuperclass()) {
            for (Method method : owner.getDeclaredMethods()) {
                if (!Modifier.isPrivate(method.getModifiers()) && !method.isSynthetic()) {
                    all.add(method);
                }
            }
        }
        return all;
    }

    private static void refuseUnreachable(Class<?> type) {
        for (Class<?> owner = type; owner != null && owner != Object.class; owner = owner.getSuperclass()) {
            for (Method method : owner.getDeclaredMethods()) {
                Class<? extends Annotation> ours = method.isSynthetic() ? null : MethodParser.ours(method);
                if (ours != null
                        && (method.getModifiers() & (Modifier.STATIC | Modifier.PRIVATE | Modifier.FINAL)) != 0) {
                    throw new Where(MethodParser.simpleName(ours), owner, method)
                            .wrong(
                                    "a static, private or final method does not go through a proxy",
                                    "make it an instance method that can be overridden");
                }
            }
        }
    }
}
