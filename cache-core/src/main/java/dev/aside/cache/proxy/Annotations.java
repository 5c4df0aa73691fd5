package dev.aside.cache.proxy;

import dev.aside.cache.spi.CacheConfigurationException;
import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds an annotation on a method: directly, or on the type of another annotation, whose attributes of the same name then
 * stand for its own. An attribute left at its default says nothing.
 */
final class Annotations {
    private Annotations() {}

    /**
     * An annotation as it counts.
     *
     * @param annotation with the attributes of the one that carries it
     * @param name the simple name of the one the user wrote
     */
    record Found<A extends Annotation>(A annotation, String name) {}

    /** All that count on a method, in the order written. */
    static <A extends Annotation> List<Found<A>> on(Method method, Class<A> kind) {
        List<Found<A>> all = new ArrayList<>();
        for (A direct : method.getAnnotationsByType(kind)) {
            all.add(new Found<>(direct, kind.getSimpleName()));
        }
        for (Annotation carrier : method.getAnnotations()) {
            for (A carried : carriedBy(carrier, kind, new HashSet<>())) {
                all.add(new Found<>(carried, carrier.annotationType().getSimpleName()));
            }
        }
        return all;
    }

    private static <A extends Annotation> List<A> carriedBy(
            Annotation carrier, Class<A> kind, Set<Class<? extends Annotation>> seen) {
        Class<? extends Annotation> type = carrier.annotationType();
        if (type == kind || type.getName().startsWith("java.") || !seen.add(type)) {
            return List.of();
        }
        List<A> carried = new ArrayList<>(List.of(type.getAnnotationsByType(kind)));
        for (Annotation next : type.getAnnotations()) {
            carried.addAll(carriedBy(next, kind, seen));
        }
        return carried.stream().map(one -> merged(one, carrier, kind)).toList();
    }

    private static <A extends Annotation> A merged(A own, Annotation carrier, Class<A> kind) {
        Map<String, Object> values = new HashMap<>();
        for (Method attribute : kind.getDeclaredMethods()) {
            Object said = said(carrier, attribute);
            values.put(attribute.getName(), said == null ? read(own, attribute) : said);
        }
        return kind.cast(Proxy.newProxyInstance(
                kind.getClassLoader(), new Class<?>[] {kind}, (self, method, arguments) -> switch (method.getName()) {
                    case "annotationType" -> kind;
                    case "equals" -> self == Objects.requireNonNull(arguments)[0];
                    case "hashCode" -> values.hashCode();
                    case "toString" -> "@" + kind.getSimpleName() + values;
                    default -> values.get(method.getName());
                }));
    }

    /** What the carrier says for the attribute; null if it has none of that name, or left it at our default. */
    private static @Nullable Object said(Annotation carrier, Method attribute) {
        Class<? extends Annotation> type = carrier.annotationType();
        Method same;
        try {
            same = type.getDeclaredMethod(attribute.getName());
        } catch (NoSuchMethodException e) {
            return null;
        }
        if (same.getReturnType() != attribute.getReturnType()) {
            throw new CacheConfigurationException("attribute '" + attribute.getName() + "' of @" + type.getSimpleName()
                    + " is a " + same.getReturnType().getSimpleName() + ", but the one of @"
                    + attribute.getDeclaringClass().getSimpleName() + " is a "
                    + attribute.getReturnType().getSimpleName() + " [hint: give it another name or the same type]");
        }
        Object value = read(carrier, same);
        return Objects.deepEquals(value, attribute.getDefaultValue()) ? null : value;
    }

    private static Object read(Annotation annotation, Method attribute) {
        try {
            attribute.setAccessible(true);
            return attribute.invoke(annotation);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new CacheConfigurationException(
                    "@" + annotation.annotationType().getName() + " cannot be read [hint: make it public]", e);
        }
    }
}
