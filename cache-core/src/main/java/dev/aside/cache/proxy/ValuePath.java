package dev.aside.cache.proxy;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the value of a put is found: in the method's result, or along a path. Immutable. */
public final class ValuePath {
    private final Roots.@Nullable Path path;

    ValuePath(Roots.@Nullable Path path) {
        this.path = path;
    }

    /** The value of a call that returned; an empty {@code Optional} is null. */
    public @Nullable Object read(@Nullable Object[] arguments, @Nullable Object result) {
        Object plain = result instanceof Optional<?> maybe ? maybe.orElse(null) : result;
        Object value = path == null ? plain : path.read(new Roots.Call(arguments, null, plain));
        return value instanceof Optional<?> maybe ? maybe.orElse(null) : value;
    }
}
