package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.redis.Trust.Path;
import dev.aside.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrustTest {
    private static final long MILLIS = 1_000_000;

    /** Near the overflow, so that a comparison that minds it shows. */
    private final FakeTicker ticker = FakeTicker.startingAt(Long.MAX_VALUE - 700 * MILLIS);

    private final Trust trust = trust(1);

    private Trust trust(int shards) {
        return new Trust(
                ticker,
                new Events(List.of(), "test"),
                shards,
                new Trust.Times(1000 * MILLIS, 500 * MILLIS, 500 * MILLIS));
    }

    private void pass(long millis) {
        ticker.advance(Duration.ofMillis(millis));
    }

    @Test
    void trusted_beforeAnything_isFalse() {
        assertThat(trust.trusted()).isFalse();
        assertThat(trust.usable()).isFalse();
    }

    @Test
    void trusted_untilTheBoundFromWhenTheHeartbeatWasSent() {
        long sent = ticker.read();
        pass(200);
        trust.fresh(0, sent);

        pass(799);
        assertThat(trust.trusted()).isTrue();
        pass(1);
        assertThat(trust.trusted()).isFalse();
    }

    @Test
    void fresh_olderHeartbeat_changesNothing() {
        long old = ticker.read();
        pass(500);
        trust.fresh(0, ticker.read());
        trust.fresh(0, old);

        pass(900);
        assertThat(trust.trusted()).isTrue();
    }

    @Test
    void trusted_severalShards_isThatOfTheOldest() {
        Trust both = trust(2);
        both.fresh(0, ticker.read());
        assertThat(both.trusted()).isFalse();
        both.fresh(1, ticker.read());
        assertThat(both.trusted()).isTrue();

        pass(600);
        both.fresh(0, ticker.read());
        pass(500);
        assertThat(both.trusted()).isFalse();
    }

    @Test
    void distrust_needsNewHeartbeatsOfAllShards() {
        Trust both = trust(2);
        both.fresh(0, ticker.read());
        both.fresh(1, ticker.read());
        both.distrust();
        assertThat(both.trusted()).isFalse();

        both.fresh(0, ticker.read());
        assertThat(both.trusted()).isFalse();
        both.fresh(1, ticker.read());
        assertThat(both.trusted()).isTrue();
    }

    @Test
    void usable_withinTheBoundOfTheLastContact() {
        trust.contact(Path.COMMANDS, ticker.read());
        assertThat(trust.usable()).isTrue();

        pass(1000);
        assertThat(trust.usable()).isFalse();
    }

    @Test
    void contact_afterAShortSilence_noQuarantine() {
        trust.contact(Path.COMMANDS, ticker.read());
        pass(500);
        trust.contact(Path.COMMANDS, ticker.read());

        assertThat(trust.usable()).isTrue();
    }

    @Test
    void contact_afterALongSilenceOnEitherPath_quarantines() {
        for (Path path : Path.values()) {
            Path other = path == Path.LOG ? Path.COMMANDS : Path.LOG;
            Trust silent = trust(1);
            silent.contact(path, ticker.read());
            pass(400);
            silent.contact(other, ticker.read());
            pass(101);
            silent.contact(path, ticker.read());
            silent.fresh(0, ticker.read());

            assertThat(silent.usable()).isFalse();
            assertThat(silent.trusted()).isFalse();
            pass(250);
            silent.contact(other, ticker.read());
            silent.contact(path, ticker.read());
            pass(249);
            silent.fresh(0, ticker.read());
            assertThat(silent.usable()).isFalse();
            assertThat(silent.trusted()).isFalse();
            pass(1);
            silent.fresh(0, ticker.read());
            assertThat(silent.usable()).isTrue();
            assertThat(silent.trusted()).isTrue();
        }
    }
}
