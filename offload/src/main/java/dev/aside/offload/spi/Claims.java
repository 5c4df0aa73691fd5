package dev.aside.offload.spi;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.Payload;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a process got.
 *
 * @param jobs owned by it from now on
 * @param nextDue when the next delayed job of the asked types becomes ready, or null if none waits for its time
 */
public record Claims(List<Claimed> jobs, @Nullable Duration nextDue) {
    public Claims {
        jobs = List.copyOf(jobs);
    }

    /**
     * A job to run.
     *
     * @param record as claimed
     * @param payload for its handler
     */
    public record Claimed(JobRecord record, Payload payload) {}
}
