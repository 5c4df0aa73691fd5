package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.testing.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RecentEndsTest {
    private final ManualTime time = new ManualTime();
    private final RecentEnds ends = new RecentEnds(time);

    private void endAndPass(Duration since) {
        ends.add(0, EndWriter.End.of("id"));
        time.advance(since);
    }

    @Test
    void all_aMinuteLater_isEmpty() {
        endAndPass(Duration.ofSeconds(61));
        assertThat(ends.all()).isEmpty();
    }

    @Test
    void all_whileRedisIsAway_hasWhatEndedBefore_howeverLongThatTakes() {
        endAndPass(Duration.ofSeconds(59));
        ends.hold();
        time.advance(Duration.ofHours(1));
        ends.hold(); // lost once more
        assertThat(ends.all()).hasSize(1);
        ends.release();
        assertThat(ends.all()).isEmpty();
    }
}
