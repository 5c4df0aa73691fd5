package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.testkit.FakeTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When entries count as coming in, so that the eviction hears of every hit. */
class InfluxTest {
    private static final Lifetime FOREVER = new Lifetime(
            Long.MAX_VALUE / 2, Long.MAX_VALUE / 2, Long.MAX_VALUE / 2, Long.MAX_VALUE / 2, Long.MAX_VALUE / 2);

    private final FakeTicker ticker = FakeTicker.startingAt(Duration.ofDays(3).toNanos());
    private final Influx influx = new Influx(ticker);

    private LocalLevel level(TtlPolicy policy) {
        return new LocalLevel("c", new Fences(), new TagFences(), () -> policy, influx);
    }

    private LocalLevel level() {
        return level(TtlPolicy.named("p").ttl(Duration.ofDays(1)).build());
    }

    private Entry entry(LocalLevel.Mark mark) {
        return new Entry("v", mark, null, ticker.read(), FOREVER);
    }

    private boolean isOn() {
        return influx.isOn(ticker.read());
    }

    @Test
    void isOn_nothingCame_isFalse() {
        level();

        assertThat(isOn()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {-7_000_000_000_000L, -1, 0, 7_000_000_000_000L, Long.MAX_VALUE - 3_000_000})
    void isOn_anyTime_untilTheTickAfter(long start) {
        FakeTicker time = FakeTicker.startingAt(start);
        Influx some = new Influx(time);
        some.came();

        assertThat(some.isOn(time.read())).isTrue();
        time.advance(Duration.ofMillis(8));
        assertThat(some.isOn(time.read())).isTrue();
        time.advance(Duration.ofMillis(10));
        assertThat(some.isOn(time.read())).isFalse();
    }

    @Test
    void isOn_ticksHaveGoneRound_isFalse() {
        influx.came();

        assertThat(influx.isOn(ticker.read() + (1L << 54))).isFalse();
    }

    @Test
    void isOn_readerReadTheClockBefore_isTrue() {
        long before = ticker.read();
        ticker.advance(Duration.ofMillis(8));
        influx.came();

        assertThat(influx.isOn(before)).isTrue();
    }

    @Test
    void put_newKey_isInflux() {
        LocalLevel level = level();
        LocalLevel.Mark mark = level.mark("k");

        assertThat(level.put("k", entry(mark), mark)).isTrue();
        assertThat(isOn()).isTrue();
    }

    @Test
    void write_newKey_isInflux() {
        LocalLevel level = level();
        LocalLevel.Mark mark = level.mark("k");

        assertThat(level.write("k", entry(mark), mark)).isTrue();
        assertThat(isOn()).isTrue();
    }

    @Test
    void put_invalidatedBefore_isNone() {
        LocalLevel level = level();
        LocalLevel.Mark mark = level.mark("k");
        level.invalidated("k");

        assertThat(level.put("k", entry(mark), mark)).isFalse();
        assertThat(isOn()).isFalse();
    }

    @Test
    void write_invalidatedBefore_isNone() {
        LocalLevel level = level();
        LocalLevel.Mark mark = level.mark("k");
        level.invalidated("k");

        assertThat(level.write("k", entry(mark), mark)).isFalse();
        assertThat(isOn()).isFalse();
    }

    @Test
    void write_insteadOfAnother_isNone() {
        LocalLevel level = level();
        LocalLevel.Mark mark = level.mark("k");
        level.put("k", entry(mark), mark);
        ticker.advance(Duration.ofSeconds(1));

        assertThat(level.write("k", entry(mark), mark)).isTrue();
        assertThat(isOn()).isFalse();
    }

    @Test
    void put_insteadOfAnother_isNone() {
        LocalLevel level = level();
        replace(level);

        assertThat(isOn()).isFalse();
    }

    /** The new one may be heavier, and make others go. */
    @Test
    void put_insteadOfAnotherWhereWeightCounts_isInflux() {
        LocalLevel level = level(TtlPolicy.named("p")
                .ttl(Duration.ofDays(1))
                .maximumWeight(100, value -> 1)
                .build());
        replace(level);

        assertThat(isOn()).isTrue();
    }

    private void replace(LocalLevel level) {
        LocalLevel.Mark mark = level.mark("k");
        level.put("k", entry(mark), mark);
        ticker.advance(Duration.ofSeconds(1));
        assertThat(level.put("k", entry(mark), mark)).isTrue();
    }
}
