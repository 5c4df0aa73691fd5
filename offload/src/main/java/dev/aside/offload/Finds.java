package dev.aside.offload;

import dev.aside.offload.job.JobId;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads jobs from the store. */
final class Finds {
    private Finds() {}

    /** The job with its result if it has one; empty when it is unknown or the text is no id. */
    static CompletionStage<Optional<JobSnapshot>> snapshot(Engine engine, String jobId) {
        if (!JobId.isValid(jobId)) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return engine.store.find(jobId).thenCompose(found -> complete(engine, found));
    }

    /** Adds the result to a record. */
    static CompletionStage<Optional<JobSnapshot>> complete(Engine engine, Optional<JobRecord> found) {
        if (found.isEmpty() || found.get().state() != JobState.SUCCEEDED) {
            return CompletableFuture.completedFuture(found.map(record -> new JobSnapshot(
                    record, null, engine.values, engine.types.retryAfter(record, engine.time.instant()))));
        }
        return engine.store
                .result(found.get().id())
                .thenApply(
                        result -> Optional.of(new JobSnapshot(found.get(), result.orElse(null), engine.values, null)));
    }
}
