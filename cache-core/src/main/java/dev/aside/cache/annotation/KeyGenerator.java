package dev.aside.cache.annotation;

import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the key of a call where paths cannot. Made once for each method that names it, by its constructor without
 * parameters. Thread-safe and quick: it is asked on each call.
 *
 * @param <K> the keys; must be named by the class, such as {@code implements KeyGenerator<String>}
 */
@FunctionalInterface
public interface KeyGenerator<K> {

    /** The key, with {@code equals} and {@code hashCode}; null if this call is not to be cached. */
    @Nullable K key(Method method, List<@Nullable Object> arguments);

    /** There is none: the default, the key comes from the parameters. */
    final class None implements KeyGenerator<Object> {
        private None() {}

        @Override
        public @Nullable Object key(Method method, List<@Nullable Object> arguments) {
            return null;
        }
    }
}
