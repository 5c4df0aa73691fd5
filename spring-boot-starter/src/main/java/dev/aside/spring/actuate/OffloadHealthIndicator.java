package dev.aside.spring.actuate;

import dev.aside.offload.OffloadLoad;
import java.util.Objects;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * The health of offloaded work: always up, with its load as details. A node with a full backlog answers 503 to what it
 * cannot take, and one taken out of service for it would only give its load to the next. Never waits.
 */
public final class OffloadHealthIndicator implements HealthIndicator {
    private final JobsView jobs;

    /** The health of this work. */
    public OffloadHealthIndicator(JobsView jobs) {
        this.jobs = Objects.requireNonNull(jobs, "jobs");
    }

    @Override
    public Health health() {
        JobsView.Summary summary = jobs.summary();
        Health.Builder health = Health.up().withDetail("store", summary.store());
        OffloadLoad load = summary.load();
        if (load != null) {
            health.withDetail("waiting", load.waiting())
                    .withDetail("running", load.running())
                    .withDetail("unfinished", load.unfinished());
        }
        return health.build();
    }
}
