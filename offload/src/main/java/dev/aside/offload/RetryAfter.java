package dev.aside.offload;

import java.time.Duration;

/**
 * An exception that knows when the work is worth another try, e.g. from a {@code Retry-After} header. Looked for along
 * the chain of causes; a retry waits at least that long.
 */
public interface RetryAfter {
    /** From now; not negative. */
    Duration retryAfter();
}
