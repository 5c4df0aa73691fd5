package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.testkit.FakeTicker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Hits keep an entry from being evicted; not each of them has to be told. */
class UseTest {
    private static final Lifetime FOREVER = new Lifetime(
            Long.MAX_VALUE / 2, Long.MAX_VALUE / 2, Long.MAX_VALUE / 2, Long.MAX_VALUE / 2, Long.MAX_VALUE / 2);

    private final FakeTicker ticker = FakeTicker.startingAt(Duration.ofDays(3).toNanos());

    private static Entry loadedAt(long now) {
        return new Entry("v", new LocalLevel.Mark(0, 0, 0), null, now, FOREVER);
    }

    @Test
    void isUse_firstHit_isOne() {
        assertThat(loadedAt(0).isUse(0)).isTrue();
        assertThat(loadedAt(-5_000_000_000L).isUse(-5_000_000_000L)).isTrue();
    }

    @Test
    void isUse_clockOfHitsLags_isOne() {
        assertThat(loadedAt(1 << 23).isUse((1 << 23) - 1)).isTrue();
    }

    @Test
    void isUse_againAtOnce_isNone() {
        Entry entry = loadedAt(0);
        entry.isUse(0);

        assertThat(entry.isUse(1_000_000)).isFalse();
    }

    @Test
    void isUse_eachTenMilliseconds_isOne() {
        Entry entry = loadedAt(0);

        for (long now = 0; now < 1_000_000_000; now += 10_000_000) {
            assertThat(entry.isUse(now)).isTrue();
        }
    }

    /** Red if the first of many hits is told to nobody. */
    @Test
    void get_keyIsReadAgainAndAgain_isKeptWhileOthersComeAndGo() {
        assertThat(loadsOfAHotKey(1, Duration.ofMillis(100))).isLessThan(20);
    }

    /** As long as the clock stands still: red if a key that is hit often counts no more than one that is hit once. */
    @Test
    void get_clockStandsStill_oftenReadKeyIsKeptRatherThanOthers() {
        assertThat(loadsOfAHotKey(200, Duration.ZERO)).isLessThan(20);
    }

    private int loadsOfAHotKey(int hitsBetweenOthers, Duration betweenOthers) {
        TtlPolicy small = TtlPolicy.named("small")
                .ttl(Duration.ofDays(1))
                .maximumSize(100)
                .build();
        try (Caches caches = Caches.builder().ticker(ticker).policy(small).build()) {
            Cache<Integer, String> cache = caches.cache("c", Integer.class, String.class, "small");
            AtomicInteger loads = new AtomicInteger();
            for (int i = 1; i <= 50_000; i++) {
                for (int hit = 0; hit < hitsBetweenOthers; hit++) {
                    cache.get(0, key -> "hot" + loads.incrementAndGet());
                }
                cache.get(i, key -> "cold");
                cache.get(Math.max(1, i - 30), key -> "cold"); // which makes them compete with the hot one
                ticker.advance(betweenOthers);
            }
            return loads.get();
        }
    }
}
