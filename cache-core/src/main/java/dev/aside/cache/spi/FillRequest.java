package dev.aside.cache.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A loaded value on its way into a tier. Immutable.
 *
 * @param lease the lease the lookup granted
 * @param value the value; null stores an absence
 * @param freshNanos how long the value is fresh, counted from the store; more than zero
 * @param keepNanos how long the tier keeps it, stale time included; at least {@code freshNanos}
 * @param tags by which the value can be invalidated; the fill is refused if one of them was since the lease
 */
public record FillRequest(Lease lease, @Nullable Object value, long freshNanos, long keepNanos, List<String> tags) {
    public FillRequest {
        if (freshNanos <= 0 || keepNanos < freshNanos) {
            throw new IllegalArgumentException("a fill needs 0 < fresh <= keep, but fresh is " + freshNanos
                    + " ns and keep is " + keepNanos + " ns");
        }
        tags = List.copyOf(tags);
    }

    /** A fill without tags. */
    public FillRequest(Lease lease, @Nullable Object value, long freshNanos, long keepNanos) {
        this(lease, value, freshNanos, keepNanos, List.of());
    }
}
