package dev.aside.offload.spi;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.Payload;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A named job on its way into a store.
 *
 * @param record id, type, version, priority, start-by time and context count; state, owner and times are the store's
 * @param payload what its handler will get
 * @param delay before it may start; zero: now
 * @param maxBacklog refuse it when so many of its type wait; 0: no limit but the store's own
 * @param key claimed together with the job, or null
 */
public record Submission(
        JobRecord record,
        Payload payload,
        Duration delay,
        int maxBacklog,
        @Nullable KeyClaim key) {
    public Submission {
        Objects.requireNonNull(record, "record");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(delay, "delay");
    }
}
