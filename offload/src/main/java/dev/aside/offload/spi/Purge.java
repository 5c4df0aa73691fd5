package dev.aside.offload.spi;

import dev.aside.offload.job.JobState;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs to delete for good. Only what is over can be.
 *
 * @param state the final state they are in
 * @param type their type; null for any
 * @param olderThan only those that have been over for so long; zero for all
 */
public record Purge(JobState state, @Nullable String type, Duration olderThan) {
    public Purge {
        Objects.requireNonNull(olderThan, "olderThan");
        if (!state.isTerminal()) {
            throw new IllegalArgumentException("jobs that are " + state
                    + " are never purged. Hint: only those that are over can be; cancel the others first.");
        }
        if (olderThan.isNegative()) {
            throw new IllegalArgumentException("an age cannot be negative, but it is " + olderThan + ".");
        }
        if (type != null && type.isBlank()) {
            throw new IllegalArgumentException("the name of a job type cannot be blank.");
        }
    }
}
