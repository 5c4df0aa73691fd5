package dev.aside.testkit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Elapsed time and wall clock that a test moves together. Thread-safe, but the two move one after the other: the elapsed
 * time first.
 */
public final class FakeTime {
    private final AtomicLong nanos = new AtomicLong();
    private final SettableClock clock = SettableClock.create();

    private FakeTime() {}

    /** Elapsed time 0, wall clock 2026-01-01T00:00:00Z. */
    public static FakeTime create() {
        return new FakeTime();
    }

    /**
     * Moves both.
     *
     * @throws IllegalArgumentException if the duration is negative: elapsed time never goes back
     */
    public void advance(Duration duration) {
        requireForward(duration);
        nanos.addAndGet(duration.toNanos());
        clock.advance(duration);
    }

    /** The elapsed nanoseconds, for any time source written as {@code time::nanos}. */
    public long nanos() {
        return nanos.get();
    }

    /** The elapsed time as a Caffeine ticker; needs Caffeine on the class path. */
    public FakeTicker ticker() {
        return FakeTicker.on(nanos);
    }

    /** The wall clock; may also be set alone, as an operator would. */
    public SettableClock clock() {
        return clock;
    }

    static void requireForward(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("Elapsed time cannot go back by " + duration);
        }
    }
}
