package dev.aside.cache.redis.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class StepsTest {
    @Test
    void folded_knowsWhatWasHighestThen_butNotSinceWhen() {
        Steps steps = new Steps();
        steps.add(10, 3);
        steps.add(20, 2);
        steps.add(30, 5);
        assertThat(steps.upTo(9)).isEqualTo(1);
        assertThat(steps.upTo(25)).isEqualTo(3);
        assertThat(steps.firstAbove(3)).isEqualTo(30);

        steps.fold(20);

        assertThat(steps.upTo(9)).isEqualTo(3);
        assertThat(steps.upTo(30)).isEqualTo(5);
        assertThat(steps.firstAbove(1)).isEqualTo(30);
        assertThat(steps.firstAbove(5)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void firstAbove_anySteps_isTheOldestOfThem() {
        Random random = new Random(7);
        Steps steps = new Steps();
        long[] at = new long[200];
        long[] versions = new long[200];
        for (int i = 0; i < at.length; i++) {
            at[i] = random.nextInt(500);
            versions[i] = 1L + random.nextInt(100);
            steps.add(at[i], versions[i]);
        }
        for (long version = 0; version <= 101; version++) {
            long expected = Long.MAX_VALUE;
            for (int i = 0; i < at.length; i++) {
                expected = versions[i] > version ? Math.min(expected, at[i]) : expected;
            }
            assertThat(steps.firstAbove(version)).isEqualTo(expected);
        }
    }
}
