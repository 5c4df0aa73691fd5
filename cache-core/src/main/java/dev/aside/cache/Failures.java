package dev.aside.cache;

import java.lang.reflect.Constructor;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Carries exceptions of loaders from the thread that met them to the callers, unchanged in type. */
final class Failures {
    private Failures() {}

    /** What a future wrapped. */
    static Throwable unwrap(Throwable failure) {
        Throwable inner = failure;
        while ((inner instanceof CompletionException || inner instanceof ExecutionException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }

    /** Hangs what failed as well on to the failure that callers get. */
    static void suppress(Throwable failure, Throwable other) {
        if (failure != other) {
            failure.addSuppressed(other);
        }
    }

    /** Throws anything; declared to return so that callers can write {@code throw sneak(e)}. */
    @SuppressWarnings("unchecked")
    static <E extends Throwable> RuntimeException sneak(Throwable failure) throws E {
        throw (E) failure;
    }

    /**
     * The same failure for another thread: an exception of the same class and message, with the caller's own stack and
     * the original as its cause. Where the class has no fitting constructor, the original itself.
     */
    static Throwable forFollower(Throwable original) {
        for (Constructor<?> constructor : original.getClass().getConstructors()) {
            Throwable copy = copy(original, constructor);
            if (copy != null && Objects.equals(copy.getMessage(), original.getMessage())) {
                return copy;
            }
        }
        return original;
    }

    private static @Nullable Throwable copy(Throwable original, Constructor<?> constructor) {
        Class<?>[] types = constructor.getParameterTypes();
        try {
            if (types.length == 2 && types[0] == String.class && types[1].isAssignableFrom(original.getClass())) {
                return (Throwable) constructor.newInstance(original.getMessage(), original);
            }
            if (types.length == 1 && types[0] == String.class) {
                return ((Throwable) constructor.newInstance(original.getMessage())).initCause(original);
            }
            if (types.length == 0) {
                return ((Throwable) constructor.newInstance()).initCause(original);
            }
            return null;
        } catch (ReflectiveOperationException | RuntimeException e) {
            // the class does not want to be copied: the original serves
            return null;
        }
    }
}
