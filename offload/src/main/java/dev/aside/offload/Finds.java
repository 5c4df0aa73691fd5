package dev.aside.offload;

import dev.aside.offload.job.JobId;
import dev.aside.offload.job.JobState;
import dev.aside.offload.spi.JobStore;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads jobs from a store. */
final class Finds {
    private Finds() {}

    /** The job with its result if it has one; empty when it is unknown or the text is no id. */
    static CompletionStage<Optional<JobSnapshot>> snapshot(JobStore store, String jobId) {
        if (!JobId.isValid(jobId)) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return store.find(jobId).thenCompose(found -> {
            if (found.isEmpty() || found.get().state() != JobState.SUCCEEDED) {
                return CompletableFuture.completedFuture(found.map(record -> new JobSnapshot(record, null)));
            }
            return store.result(jobId)
                    .thenApply(result -> Optional.of(new JobSnapshot(found.get(), result.orElse(null))));
        });
    }
}
