package dev.aside.offload.http;

import java.util.Objects;

/**
 * A job that is to be cancelled.
 *
 * @param jobId which
 */
public record CancelOrder(String jobId) {
    public CancelOrder {
        Objects.requireNonNull(jobId, "jobId");
    }
}
