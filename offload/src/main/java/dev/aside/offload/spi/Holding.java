package dev.aside.offload.spi;

/**
 * A job a process runs.
 *
 * @param jobId the job
 * @param epoch the claim it runs under
 */
public record Holding(String jobId, long epoch) {}
