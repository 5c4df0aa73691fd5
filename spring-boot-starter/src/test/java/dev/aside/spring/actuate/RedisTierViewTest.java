package dev.aside.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.redis.RedisTierStats;
import dev.aside.cache.redis.RedisTierStats.Breaker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RedisTierViewTest {

    @Test
    void summary_allWell_saysOkAndHow() {
        assertThat(RedisTierView.summary(stats(new RedisTierStats.Health(true, true, true, Breaker.CLOSED), 0)))
                .containsEntry("redis", "ok")
                .doesNotContainKey("reason")
                .containsEntry("connected", true)
                .containsEntry("trusted", true)
                .containsEntry("usable", true)
                .containsEntry("breaker", "closed")
                .containsEntry("lagMillis", 42L)
                .containsEntry("pendingInvalidations", 0);
    }

    @Test
    void summary_nothingWell_saysDegradedAndEveryReason() {
        assertThat(RedisTierView.summary(stats(new RedisTierStats.Health(false, false, false, Breaker.OPEN), 3)))
                .containsEntry("redis", "degraded")
                .extractingByKey("reason")
                .asString()
                .contains("no connection", "invalidation log", "quarantine", "too many reads failed")
                .contains("3 invalidations wait");
    }

    @Test
    void summary_breakerHalfOpen_isNoReason() {
        assertThat(RedisTierView.summary(stats(new RedisTierStats.Health(true, true, true, Breaker.HALF_OPEN), 0)))
                .containsEntry("redis", "ok")
                .containsEntry("breaker", "half_open");
    }

    @Test
    void summary_withoutTier_saysNone() {
        assertThat(TierView.NONE.summary()).containsEntry("redis", "none").hasSize(1);
    }

    private static RedisTierStats stats(RedisTierStats.Health health, int pending) {
        return new RedisTierStats(
                health,
                new RedisTierStats.Log(Duration.ofMillis(42), 0, 0, 0, 0),
                new RedisTierStats.Traffic(0, 0, 0, 0, 0, 0),
                new RedisTierStats.Journals(pending, 0, 0),
                new RedisTierStats.Listeners(0, 0));
    }
}
