package dev.aside.cache.annotation;

import org.jspecify.annotations.Nullable;

/**
 * Tells results apart. Made once for each method that names it, by its constructor without parameters. Thread-safe; asked
 * once for each value that was loaded. What it throws is a failed load.
 *
 * @param <V> the values it understands: the method's value type or a supertype, not the Optional or stage around it
 */
@FunctionalInterface
public interface ResultCondition<V> {

    /** Whether it holds for this value; null stands for an absent one. */
    boolean test(@Nullable V value);

    /** It holds for none: the default. */
    final class Never implements ResultCondition<Object> {
        private Never() {}

        @Override
        public boolean test(@Nullable Object value) {
            return false;
        }
    }
}
