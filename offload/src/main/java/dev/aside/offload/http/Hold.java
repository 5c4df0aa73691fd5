package dev.aside.offload.http;

import java.time.Duration;
import java.util.Objects;

/**
 * A poll that is to be held back: until the job has another version, is over or gone, or the time is up.
 *
 * @param version the version it has now
 * @param atMost above zero
 */
public record Hold(long version, Duration atMost) {
    public Hold {
        Objects.requireNonNull(atMost, "atMost");
    }
}
