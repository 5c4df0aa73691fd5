package dev.aside.offload;

import org.jspecify.annotations.Nullable;

/**
 * Does the work of a named job. It may be called more than once for a job: after a failure, and after its process was
 * lost; {@link JobContext#jobId()} and {@link JobContext#fencingToken()} help to make that harmless.
 *
 * @param <P> type of the payload
 * @param <R> type of the result
 */
@FunctionalInterface
public interface NamedTask<P, R extends @Nullable Object> {
    /** Does the work on a thread of the executor. */
    R handle(P payload, JobContext context) throws Exception;
}
