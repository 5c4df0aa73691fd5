package dev.aside.offload.redis;

import dev.aside.offload.job.JobRecord;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A job as an operator sees it. Immutable.
 *
 * @param record what is known of it
 * @param payloadBytes the size of its payload, -1 if it has none or none any more
 * @param resultBytes the size of its result, -1 if it has none or none any more
 * @param index where it stands; null if it is in no index: an unfinished job is put back by the next audit, a finished
 *     one is only not listed any more
 * @param left how long from now its lease lasts (RUNNING), it has to wait (DELAYED), or its record is kept (DEAD,
 *     FINISHED); negative if that is over; null if it is WAITING or in no index
 */
public record JobDetails(
        JobRecord record,
        long payloadBytes,
        long resultBytes,
        @Nullable JobIndex index,
        @Nullable Duration left) {}
