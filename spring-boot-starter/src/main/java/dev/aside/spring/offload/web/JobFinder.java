package dev.aside.spring.offload.web;

import dev.aside.offload.JobSnapshot;
import dev.aside.offload.OffloadExecutor;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Finds the jobs of whoever asks.
 *
 * @param offload knows all of them
 * @param callers knows whose they are
 */
record JobFinder(OffloadExecutor offload, Callers callers) {
    /** The job; empty if there is none, or it is not the caller's: work that no request asked for is nobody's. */
    CompletionStage<Optional<JobSnapshot>> find(HttpServletRequest request, String id) {
        String owner = callers.owner(request); // here, because the request may be gone later
        return offload.findAsync(id)
                .thenApply(found ->
                        found.filter(job -> owner.equals(job.record().context().get(Callers.OWNER))));
    }
}
