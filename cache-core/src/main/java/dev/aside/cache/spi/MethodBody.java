package dev.aside.cache.spi;

import org.jspecify.annotations.Nullable;

/**
 * The method behind an intercepted call. It may be called once, several times, with other arguments than the caller's (a
 * batch is asked for its missing keys), later, and on another thread than the caller's (a reload behind readers), or not at
 * all.
 */
@FunctionalInterface
public interface MethodBody {

    /**
     * Runs the method.
     *
     * @throws Throwable what it throws
     */
    @Nullable Object call(@Nullable Object[] arguments) throws Throwable;
}
