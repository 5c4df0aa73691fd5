package dev.aside.cache.proxy;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A path such as {@code order.customer.id}, resolved once to method handles. Steps are record components or methods of
 * that name without parameters, getters, and public fields. Immutable.
 */
final class KeyPath {
    private static final MethodType STEP = MethodType.methodType(Object.class, Object.class);

    private final List<MethodHandle> steps;
    private final Type type;

    private KeyPath(List<MethodHandle> steps, Type type) {
        this.steps = List.copyOf(steps);
        this.type = type;
    }

    /**
     * Resolves the names one after the other, beginning at a value of the given type.
     *
     * @param described the path as errors name it
     */
    static KeyPath resolve(String described, List<String> names, Type start, Types types, Where where) {
        List<MethodHandle> steps = new ArrayList<>();
        Type type = types.resolve(start);
        for (String name : names) {
            Class<?> owner = Types.raw(type);
            Method method = method(owner, name);
            Optional<Field> field = Arrays.stream(owner.getFields())
                    .filter(candidate ->
                            candidate.getName().equals(name) && !Modifier.isStatic(candidate.getModifiers()))
                    .findFirst();
            if (method == null && field.isEmpty()) {
                throw where.wrong(
                        described + " leads nowhere: " + owner.getSimpleName() + " has no '" + name + "'",
                        "it has " + String.join(", ", readable(owner)));
            }
            steps.add(method == null ? handle(field.orElseThrow(), where) : handle(method, where));
            type = new Types(owner)
                    .resolve(method == null ? field.orElseThrow().getGenericType() : method.getGenericReturnType());
        }
        return new KeyPath(steps, type);
    }

    /** Whether it leads nowhere, so that the start is the end. */
    boolean isEmpty() {
        return steps.isEmpty();
    }

    /** The static type of what the path leads to, boxed. */
    Type type() {
        return type;
    }

    /** Follows the path; null as soon as a step gives null. */
    @Nullable Object read(@Nullable Object start) {
        Object value = start;
        for (int i = 0; i < steps.size() && value != null; i++) {
            try {
                value = (Object) steps.get(i).invokeExact(value);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("a getter on a path failed", e);
            }
        }
        return value;
    }

    private static @Nullable Method method(Class<?> owner, String name) {
        String capital = name.isEmpty() ? name : name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
        for (String candidate : List.of(name, "get" + capital, "is" + capital)) {
            try {
                Method method = owner.getMethod(candidate);
                if (method.getReturnType() != void.class && !Modifier.isStatic(method.getModifiers())) {
                    return method;
                }
            } catch (NoSuchMethodException e) {
                // the next spelling
            }
        }
        return null;
    }

    private static MethodHandle handle(Method method, Where where) {
        method.trySetAccessible();
        try {
            return MethodHandles.lookup().unreflect(method).asType(STEP);
        } catch (IllegalAccessException e) {
            throw where.wrong(
                    "'" + method.getName() + "' of "
                            + method.getDeclaringClass().getSimpleName() + " is not accessible",
                    "make the type public, or open its package to dev.aside.cache");
        }
    }

    private static MethodHandle handle(Field field, Where where) {
        field.trySetAccessible();
        try {
            return MethodHandles.lookup().unreflectGetter(field).asType(STEP);
        } catch (IllegalAccessException e) {
            throw where.wrong(
                    "'" + field.getName() + "' of " + field.getDeclaringClass().getSimpleName() + " is not accessible",
                    "make the type public, or open its package to dev.aside.cache");
        }
    }

    private static Set<String> readable(Class<?> owner) {
        Set<String> names = new TreeSet<>();
        for (Method method : owner.getMethods()) {
            if (method.getParameterCount() == 0
                    && method.getReturnType() != void.class
                    && method.getDeclaringClass() != Object.class
                    && !Modifier.isStatic(method.getModifiers())) {
                names.add(method.getName());
            }
        }
        for (Field field : owner.getFields()) {
            names.add(field.getName());
        }
        names.removeAll(List.of("hashCode", "toString"));
        return names;
    }
}
