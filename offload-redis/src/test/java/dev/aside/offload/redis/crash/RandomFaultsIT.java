package dev.aside.offload.redis.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Rounds of random faults, each judged. The long form:
 * {@code mvn -B -Ptorture -pl offload-redis -am verify -Dtorture.minutes=30 [-Dtorture.seed=...]}
 */
class RandomFaultsIT {
    private static final long MINUTES = Long.getLong("torture.minutes", 0);
    private static final long SEED = Long.getLong("torture.seed", 2026);

    @Test
    void randomFaults_everyJobEndsOnce() {
        long end = System.nanoTime() + Duration.ofMinutes(MINUTES).toNanos();
        List<String> failures = new ArrayList<>();
        long seed = SEED;
        int rounds = 0;
        do {
            failures.addAll(round(seed++));
            rounds++;
        } while (System.nanoTime() - end < 0 && failures.size() < 5);
        System.out.println(
                "crash: " + rounds + " rounds of random faults from seed " + SEED + ", violations " + failures.size());
        assertThat(failures).isEmpty();
    }

    private static List<String> round(long seed) {
        try (RandomFaults round = new RandomFaults(seed)) {
            Verdict verdict;
            try {
                verdict = round.run();
            } catch (RuntimeException | AssertionError e) {
                return List.of("seed " + seed + ", faults " + round.faults() + ": " + e);
            }
            System.out.print(verdict.report("faults " + round.faults(), seed));
            return verdict.violations().stream()
                    .map(one -> "seed " + seed + ", faults " + round.faults() + ": " + one)
                    .toList();
        }
    }
}
