package dev.aside.offload.spi;

import java.time.Duration;
import java.util.Objects;

/**
 * An idempotency key that comes with a job.
 *
 * @param key what the caller chose, within its type
 * @param fingerprint of the payload: the same key with another one is refused
 * @param ttl how long the key is remembered; a store that forgets the job earlier may forget the key with it
 */
public record KeyClaim(String key, String fingerprint, Duration ttl) {
    public KeyClaim {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(fingerprint, "fingerprint");
        Objects.requireNonNull(ttl, "ttl");
    }
}
