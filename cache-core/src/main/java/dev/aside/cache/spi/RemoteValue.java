package dev.aside.cache.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value as a tier holds it. Times are relative to the moment the lookup was sent, so nodes' clocks are never compared.
 *
 * @param value the value; null is a cached absence
 * @param freshNanos how long it is still fresh; zero or negative once it is stale
 * @param keepNanos how long it may still be kept for stale use; at least {@code freshNanos}
 * @param ageNanos how long ago it was stored; zero or more
 * @param tags by which the value can be invalidated
 */
public record RemoteValue(@Nullable Object value, long freshNanos, long keepNanos, long ageNanos, List<String> tags) {
    public RemoteValue {
        tags = List.copyOf(tags);
    }

    /** A value without tags. */
    public RemoteValue(@Nullable Object value, long freshNanos, long keepNanos, long ageNanos) {
        this(value, freshNanos, keepNanos, ageNanos, List.of());
    }
}
