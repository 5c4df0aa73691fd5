package dev.aside.cache.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A written value on its way into a tier. Immutable.
 *
 * @param intent the intent that was placed before the write began
 * @param value the value; null stores an absence
 * @param freshNanos how long the value is fresh, counted from the store; more than zero
 * @param keepNanos how long the tier keeps it, stale time included; at least {@code freshNanos}
 * @param tags by which the value can be invalidated
 */
public record PutRequest(Intent intent, @Nullable Object value, long freshNanos, long keepNanos, List<String> tags) {
    public PutRequest {
        if (freshNanos <= 0 || keepNanos < freshNanos) {
            throw new IllegalArgumentException("a put needs 0 < fresh <= keep, but fresh is " + freshNanos
                    + " ns and keep is " + keepNanos + " ns");
        }
        tags = List.copyOf(tags);
    }
}
