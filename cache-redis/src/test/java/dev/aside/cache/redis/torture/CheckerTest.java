package dev.aside.cache.redis.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.redis.torture.Recorder.Invalidated;
import dev.aside.cache.redis.torture.Recorder.Read;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckerTest {
    private static final String KEY = Kind.LONG.keys().get(0);
    private static final Checker.Circumstances SLOW_LOADS =
            new Checker.Circumstances(Duration.ofSeconds(10).toNanos(), 0, Checker.Outage.NONE);

    private final History history = new History();
    private final Checker checker = new Checker(history);
    private final long now = System.nanoTime();

    private long ago(long millis) {
        return now - Duration.ofMillis(millis).toNanos();
    }

    private void invalidated(long millisAgo) {
        history.invalidated(new Invalidated(1, KEY, history.commit(KEY), ago(millisAgo + 1), ago(millisAgo), false));
    }

    private List<Violation> read(long fromMillisAgo, long version) {
        history.read(new Read(2, KEY, ago(fromMillisAgo), now, version));
        return checker.check(SLOW_LOADS).violations();
    }

    /** It began with a round that has been checked since, before the second version was there. */
    @Test
    void check_longReadThatBeganBeforeTheInvalidation_isRight() {
        invalidated(20_000);
        invalidated(7_000);
        assertThat(checker.check(SLOW_LOADS).violations()).isEmpty();

        assertThat(read(7_500, history.version(KEY) - 1)).isEmpty();
    }

    @Test
    void check_longReadThatBeganTheBoundAfterTheInvalidation_isTooOld() {
        invalidated(20_000);
        invalidated(9_000);
        checker.check(SLOW_LOADS);

        assertThat(read(7_500, history.version(KEY) - 1))
                .singleElement()
                .extracting(Violation::oracle)
                .isEqualTo(Oracle.O1);
    }
}
