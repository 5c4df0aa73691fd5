package dev.aside.offload.job;

import java.time.Duration;

/**
 * Who goes first among waiting jobs. A priority is a head start, never a right of way: LOW work waits at most its
 * penalty behind newer NORMAL work, so nothing starves.
 */
public enum JobPriority {
    /** Ahead of NORMAL work that came up to 30 s earlier. */
    HIGH(Duration.ofSeconds(-30)),
    /** The default. */
    NORMAL(Duration.ZERO),
    /** Behind NORMAL work that comes up to 30 s later. */
    LOW(Duration.ofSeconds(30));

    private final Duration penalty;

    JobPriority(Duration penalty) {
        this.penalty = penalty;
    }

    /** What is added to the time of readiness before jobs are ordered by it. */
    public Duration penalty() {
        return penalty;
    }
}
