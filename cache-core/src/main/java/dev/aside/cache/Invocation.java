package dev.aside.cache;

import org.jspecify.annotations.Nullable;

/** One method of a proxy, bound to the way it works. */
@FunctionalInterface
interface Invocation {
    @Nullable Object invoke(@Nullable Object[] arguments) throws Throwable;
}
