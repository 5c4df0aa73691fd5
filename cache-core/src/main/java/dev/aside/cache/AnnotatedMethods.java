package dev.aside.cache;

import dev.aside.cache.proxy.ClassParser;
import dev.aside.cache.proxy.MethodPlan;
import dev.aside.cache.spi.CacheConfigurationException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The annotated methods of a class, for a framework that intercepts calls itself. They are its own that can be overridden,
 * and those of all its interfaces; a method is annotated if it carries an annotation there, on the class or on an interface
 * of it. Immutable.
 */
public final class AnnotatedMethods {
    private final List<MethodPlan> plans;
    private final Set<Method> methods;

    private AnnotatedMethods(List<MethodPlan> plans) {
        this.plans = List.copyOf(plans);
        this.methods = plans.stream().map(MethodPlan::method).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Reads the annotations of a class. Defines no cache.
     *
     * @throws CacheConfigurationException if one cannot work as it is written
     */
    public static AnnotatedMethods of(Class<?> type) {
        return new AnnotatedMethods(ClassParser.parse(type));
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return methods.isEmpty();
    }

    /** Whether calls of the method pass a cache. */
    public boolean contains(Method method) {
        return methods.contains(method);
    }

    /** All of them. */
    public Set<Method> methods() {
        return methods;
    }

    List<MethodPlan> plans() {
        return plans;
    }
}
