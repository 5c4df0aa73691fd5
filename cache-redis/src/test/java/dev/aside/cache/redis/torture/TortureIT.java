package dev.aside.cache.redis.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random faults, and every read checked afterwards. The long form:
 * {@code mvn -B -Ptorture -pl cache-redis -am verify -Dtorture.minutes=30 [-Dtorture.seed=...]}
 */
@Tag("alone") // an oracle judges how long calls take
class TortureIT {
    private static final int WORLDS = 4;
    private static final long MINUTES = Long.getLong("torture.minutes", 0);
    private static final long SEED = Long.getLong("torture.seed", 2026);
    private static final Duration SHORT = Duration.ofSeconds(30);

    @Test
    void randomFaults_noOracleIsViolated() {
        boolean isLong = MINUTES > 0;
        Torture torture = new Torture(SEED, isLong ? Duration.ofSeconds(10) : Duration.ofMillis(2500))
                .run(WORLDS, isLong ? Duration.ofMinutes(MINUTES) : SHORT);

        System.out.print(torture.report());
        assertThat(torture.failures()).as(torture.report()).isEmpty();
    }
}
