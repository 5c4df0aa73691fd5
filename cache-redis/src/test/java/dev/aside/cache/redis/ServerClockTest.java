package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ServerClockTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final AtomicLong calendar = new AtomicLong(5_000);
    private final ServerClock clock = new ServerClock(() -> Instant.ofEpochMilli(calendar.get()));

    @Test
    void atMost_neverRead_isNotKnown() {
        assertThat(clock.atMost(5)).isNull();
    }

    /** The server rounds 1000.999 down, and 4.999 ms have passed: it may say 1005.998 by now. */
    @Test
    void atMost_readAMomentAgo_isNeverLessThanTheServersClock() {
        assertThat(clock.request(7).answered(1_000)).isEqualTo(1_002);

        assertThat(clock.atMost(7)).isEqualTo(1_002);
        assertThat(clock.atMost(7 + 5 * MILLI - 1)).isEqualTo(1_006);
    }

    @Test
    void atMost_callThatBeganBeforeTheReading_countsFromTheReading() {
        clock.request(100 * MILLI).answered(1_000);

        assertThat(clock.atMost(0)).isEqualTo(1_002);
    }

    @Test
    void atMost_readingTooOld_hasToBeReadAgain() {
        clock.request(Long.MAX_VALUE).answered(1_000); // tickers may wrap around

        assertThat(clock.atMost(Long.MAX_VALUE + ServerClock.GOOD_FOR_NANOS)).isEqualTo(1_102);
        assertThat(clock.atMost(Long.MAX_VALUE + ServerClock.GOOD_FOR_NANOS + 1))
                .isNull();
    }

    /** The ticker stands still while a machine is suspended, here for five minutes with the answer on its way. */
    @Test
    void atMost_machineWasSuspended_hasToBeReadAgain() {
        ServerClock.Request request = clock.request(0);
        calendar.addAndGet(300_000);
        request.answered(1_000);

        assertThat(clock.atMost(MILLI)).isNull();
    }

    @Test
    void atMost_calendarAheadOfTheTicker_counts() {
        clock.request(0).answered(1_000);
        calendar.addAndGet(60);

        assertThat(clock.atMost(MILLI)).isEqualTo(1_062);
    }
}
