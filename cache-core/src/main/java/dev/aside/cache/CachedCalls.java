package dev.aside.cache;

import dev.aside.cache.spi.MethodBody;
import java.lang.reflect.Method;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What annotated methods do when they are called, for a framework that intercepts calls itself. Made by {@link
 * Caches#calls}. Thread-safe.
 */
public final class CachedCalls {
    /** What {@link #quick} answers when it takes {@link #invoke} to answer. */
    public static final Object LONG_WAY = new Object();

    private static final @Nullable Object[] NOTHING = {};

    private final MethodTable<Interception> methods;

    CachedCalls(Map<Method, Interception> methods) {
        this.methods = new MethodTable<>(methods);
    }

    /**
     * Does what the annotations of the method say: answers from its cache, or calls the body, or calls the body and
     * invalidates. A method without annotations is its body.
     *
     * @param arguments as they were passed; null if there are none
     * @throws Throwable what the body throws, and what {@link Cache} throws
     */
    public @Nullable Object invoke(Method method, @Nullable Object @Nullable [] arguments, MethodBody body)
            throws Throwable {
        Interception found = methods.find(method);
        @Nullable Object[] passed = arguments == null ? NOTHING : arguments;
        return found == null ? body.call(passed) : found.invoke(passed, body);
    }

    /**
     * The answer of a call if the process holds it and it is plainly fresh, counted as a hit. Otherwise
     * {@link #LONG_WAY}, and nothing has happened. For a framework that would make more of a call than a hit is worth.
     *
     * @param arguments as they were passed; not kept
     */
    public @Nullable Object quick(Method method, @Nullable Object[] arguments) {
        Interception found = methods.find(method);
        return found == null ? LONG_WAY : found.quick(arguments);
    }
}
