package dev.aside.spring.actuate;

import java.util.Objects;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * The health of the caches: always up, with the state of the level that nodes share as details. Without Redis an
 * application is slower and still right, and taking its nodes out of service would make an outage of one. Asks Redis
 * nothing, so it never waits.
 */
public final class AsideHealthIndicator implements HealthIndicator {
    private final TierView tier;

    /** The health of a process with this tier. */
    public AsideHealthIndicator(TierView tier) {
        this.tier = Objects.requireNonNull(tier, "tier");
    }

    @Override
    public Health health() {
        return Health.up().withDetails(tier.summary()).build();
    }
}
