package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.testkit.FakeTicker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CoarseClockTest {
    private final CoarseClock clock = CoarseClock.INSTANCE;

    @Test
    void read_whileTimePasses_followsTheSystemAndNeverRunsAhead() {
        long first = clock.read();
        await().until(() -> {
            long exact = System.nanoTime();
            long coarse = clock.read();
            assertThat(coarse - System.nanoTime()).isNotPositive();
            return coarse - first > Duration.ofMillis(20).toNanos()
                    && exact - coarse < Duration.ofSeconds(1).toNanos();
        });
    }

    @Test
    void read_afterAnIdleTime_wakesTheThreadAndIsExactAtOnce() {
        clock.read();
        await().atMost(Duration.ofSeconds(30)).until(clock::asleep);
        long before = System.nanoTime();
        assertThat(clock.read() - before).isNotNegative();
        await().until(() -> !clock.asleep());
    }

    /** After a pause of the whole process readers may run before the clock's thread does. */
    @Test
    void get_clockStandsStillButTrustIsLost_doesNotServeWhatIsHeld() {
        OvertakingTier remote = new OvertakingTier();
        FakeTicker exact = FakeTicker.create();
        try (Caches caches =
                Caches.builder().ticker(exact).clock(() -> 0).remote(remote).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            cache.get("k", key -> "unused");
            cache.get("k", key -> "unused");
            assertThat(cache.stats().localHits()).isEqualTo(1);

            exact.advance(Duration.ofSeconds(30));
            remote.trusted(false);
            cache.get("k", key -> "unused");
            assertThat(cache.stats().localHits()).isEqualTo(1);
            assertThat(cache.stats().remoteHits()).isEqualTo(2);
        }
    }

    /** Whether a flight is too old to be joined is a matter of the promise, so it is not for the coarse clock. */
    @Test
    void get_clockStandsStillAndFlightIsOlderThanTheBound_doesNotJoin() {
        OvertakingTier remote = new OvertakingTier();
        FakeTicker exact = FakeTicker.create();
        try (Caches caches =
                Caches.builder().ticker(exact).clock(() -> 0).remote(remote).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            Gate gate = new Gate();
            remote.trusted(false);
            remote.onLookup(gate::pass);
            CompletableFuture<String> early = CompletableFuture.supplyAsync(() -> cache.get("k", key -> "unused"));
            gate.awaitArrival();
            remote.onLookup(() -> {});
            exact.advance(Duration.ofSeconds(2));

            assertThat(cache.get("k", key -> "unused")).isEqualTo("remote");
            assertThat(early).isNotDone();
            gate.open();
            assertThat(early.join()).isEqualTo("remote");
        }
    }
}
