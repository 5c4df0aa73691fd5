package dev.aside.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FakeTimeTest {
    @Test
    void settableClock_advance_movesEveryZoneOfIt() {
        SettableClock clock = SettableClock.at(Instant.EPOCH);
        SettableClock berlin = clock.withZone(ZoneId.of("Europe/Berlin"));

        clock.advance(Duration.ofDays(1));
        berlin.advance(Duration.ofSeconds(-1));

        assertThat(clock.instant()).isEqualTo(berlin.instant()).isEqualTo(Instant.ofEpochSecond(86_399));
        assertThat(berlin.getZone()).isEqualTo(ZoneId.of("Europe/Berlin"));
        assertThat(clock.millis()).isEqualTo(86_399_000);
    }

    @Test
    void settableClock_set_showsIt() {
        SettableClock clock = SettableClock.create();

        clock.set(Instant.EPOCH);

        assertThat(clock.instant()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void settableClock_advanceFromManyThreads_nothingIsLost() {
        SettableClock clock = SettableClock.at(Instant.EPOCH);

        IntStream.range(0, 10_000).parallel().forEach(i -> clock.advance(Duration.ofMillis(1)));

        assertThat(clock.instant()).isEqualTo(Instant.ofEpochSecond(10));
    }

    @Test
    void fakeTicker_advance_expiresCaffeineEntries() {
        FakeTicker ticker = FakeTicker.startingAt(Long.MAX_VALUE - 5); // minds the overflow too
        Cache<String, String> cache = Caffeine.newBuilder()
                .ticker(ticker)
                .expireAfterWrite(Duration.ofMinutes(1))
                .build();
        cache.put("key", "value");

        ticker.advance(Duration.ofSeconds(59));
        assertThat(cache.getIfPresent("key")).isEqualTo("value");

        ticker.advance(Duration.ofSeconds(1));
        assertThat(cache.getIfPresent("key")).isNull();
    }

    @Test
    void fakeTime_advance_movesTickerAndClockTogether() {
        FakeTime time = FakeTime.create();
        Instant start = time.clock().instant();

        time.advance(Duration.ofSeconds(3));

        assertThat(time.nanos()).isEqualTo(time.ticker().read()).isEqualTo(3_000_000_000L);
        assertThat(time.clock().instant()).isEqualTo(start.plusSeconds(3));
    }

    @Test
    void fakeTime_clockSetAlone_elapsedTimeStays() {
        FakeTime time = FakeTime.create();

        time.clock().set(Instant.EPOCH);

        assertThat(time.nanos()).isZero();
    }

    @Test
    void fakeTime_backwards_isRefused() {
        Duration back = Duration.ofNanos(-1);

        assertThatThrownBy(() -> FakeTime.create().advance(back)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FakeTicker.create().advance(back)).isInstanceOf(IllegalArgumentException.class);
    }
}
