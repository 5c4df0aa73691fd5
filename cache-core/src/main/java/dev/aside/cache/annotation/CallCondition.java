package dev.aside.cache.annotation;

import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a call goes to the cache at all. Made once for each method that names it, by its constructor without
 * parameters. Thread-safe and quick: it is asked on each call.
 */
@FunctionalInterface
public interface CallCondition {

    /** Whether this call may be answered from the cache and fill it; if not, it goes to the method. */
    boolean test(Method method, List<@Nullable Object> arguments);

    /** Every call does: the default. */
    final class Always implements CallCondition {
        private Always() {}

        @Override
        public boolean test(Method method, List<@Nullable Object> arguments) {
            return true;
        }
    }
}
