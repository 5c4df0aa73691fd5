package dev.aside.offload.spi;

import dev.aside.offload.job.JobProgress;
import dev.aside.offload.job.JobState;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A change of an unfinished job that its owner reports. State and progress are both always given: an update repeated
 * or left out is healed by the next one.
 *
 * @param state QUEUED, SCHEDULED or RUNNING
 * @param attempts times it was started
 * @param failures attempts that ended in an exception
 * @param dueAt when it becomes ready, for SCHEDULED, or null
 * @param progress what it reported last
 */
public record JobUpdate(
        JobState state,
        int attempts,
        int failures,
        @Nullable Instant dueAt,
        JobProgress progress) {
    public JobUpdate {
        Objects.requireNonNull(progress, "progress");
        if (state.isTerminal()) {
            throw new IllegalArgumentException("an update cannot move a job to " + state + ". Hint: finish it.");
        }
    }
}
