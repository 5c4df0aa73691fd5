package dev.aside.cache;

import dev.aside.cache.spi.MethodBody;
import org.jspecify.annotations.Nullable;

/** The way one annotated method works, whatever object it is called on. */
@FunctionalInterface
interface Interception {
    @Nullable Object invoke(@Nullable Object[] arguments, MethodBody body) throws Throwable;

    /** The answer if the process holds it, plainly fresh; {@link CachedCalls#LONG_WAY} if {@link #invoke} has to see. */
    default @Nullable Object quick(@Nullable Object[] arguments) {
        return CachedCalls.LONG_WAY;
    }
}
