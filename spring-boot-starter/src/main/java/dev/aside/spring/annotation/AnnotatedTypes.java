package dev.aside.spring.annotation;

import dev.aside.cache.AnnotatedMethods;
import dev.aside.cache.annotation.Cached;
import dev.aside.cache.spi.CachedView;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/** The annotated methods of each class that beans are of, read once. Thread-safe. */
final class AnnotatedTypes {
    private final Map<Class<?>, AnnotatedMethods> byType = new ConcurrentHashMap<>();

    AnnotatedMethods of(Class<?> type) {
        Class<?> user = ClassUtils.getUserClass(type);
        AnnotatedMethods known = byType.get(user);
        return known == null ? byType.computeIfAbsent(user, AnnotatedMethods::of) : known;
    }

    /** Whether calls of beans of the class pass caches; not those of a proxy of ours, which they pass already. */
    boolean anyIn(Class<?> type) {
        return AnnotationUtils.isCandidateClass(type, Cached.class)
                && !CachedView.class.isAssignableFrom(type)
                && !of(type).isEmpty();
    }

    /** The classes with annotated methods seen so far. */
    Collection<Class<?>> annotated() {
        return List.copyOf(byType.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .<Class<?>>map(Map.Entry::getKey)
                .toList());
    }
}
