package dev.aside.testkit;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A Caffeine {@link Ticker} that stands still until a test moves it. Needs Caffeine on the class path. Thread-safe.
 *
 * <p>Caffeine sees the new time at its next maintenance: call {@code cache.cleanUp()} to make it look.
 */
public final class FakeTicker implements Ticker {
    private final AtomicLong nanos;

    private FakeTicker(AtomicLong nanos) {
        this.nanos = nanos;
    }

    /** A ticker that reads 0. */
    public static FakeTicker create() {
        return startingAt(0);
    }

    /** A ticker that reads the given nanoseconds; near {@code Long.MAX_VALUE} it shows who minds the overflow. */
    public static FakeTicker startingAt(long nanos) {
        return on(new AtomicLong(nanos));
    }

    static FakeTicker on(AtomicLong nanos) {
        return new FakeTicker(nanos);
    }

    /**
     * Moves the ticker.
     *
     * @throws IllegalArgumentException if the duration is negative: elapsed time never goes back
     */
    public void advance(Duration duration) {
        FakeTime.requireForward(duration);
        nanos.addAndGet(duration.toNanos());
    }

    @Override
    public long read() {
        return nanos.get();
    }

    @Override
    public String toString() {
        return "FakeTicker " + read() + " ns";
    }
}
