package dev.aside.offload;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.Payload;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The named job that work is a run of, or becomes when the store has to know of it.
 *
 * @param version of its payload
 * @param payload for whoever runs it again, encoded when it is asked for; fails if it cannot be
 * @param claimed the stored job, or null if this process was the first to know of it
 */
record Named(
        int version, Supplier<Payload> payload, @Nullable JobRecord claimed) {}
