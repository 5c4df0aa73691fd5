package dev.aside.cache.spi;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cache key made of several values, or of none. Two are equal if their parts are equal, in order.
 *
 * <p>Immutable as far as its parts are. Parts may be null.
 */
public final class CompositeKey {
    /** The only key of a cache whose method takes no parameters. */
    public static final CompositeKey NONE = new CompositeKey();

    private final @Nullable Object[] parts;
    private final int hash;

    private CompositeKey(@Nullable Object... parts) {
        this.parts = parts;
        this.hash = Arrays.hashCode(parts);
    }

    /** A key of the given parts, which are copied. */
    public static CompositeKey of(@Nullable Object... parts) {
        return parts.length == 0 ? NONE : new CompositeKey(parts.clone());
    }

    /** The parts in order; unmodifiable. */
    public List<@Nullable Object> parts() {
        return Collections.unmodifiableList(Arrays.asList(parts));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof CompositeKey that && hash == that.hash && Arrays.equals(parts, that.parts));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return Arrays.toString(parts);
    }
}
