package dev.aside.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A wall clock that stands still until a test moves it; usable as {@code Clock} and {@code InstantSource}. Thread-safe. */
public final class SettableClock extends Clock {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Now now;
    private final ZoneId zone;

    private SettableClock(Now now, ZoneId zone) {
        this.now = now;
        this.zone = zone;
    }

    /** A clock that shows 2026-01-01T00:00:00Z, in UTC. */
    public static SettableClock create() {
        return at(START);
    }

    /** A clock that shows the given instant, in UTC. */
    public static SettableClock at(Instant instant) {
        return new SettableClock(new Now(instant), ZoneOffset.UTC);
    }

    /** Moves the clock by any duration, also backwards. */
    public void advance(Duration duration) {
        now.advance(duration);
    }

    /** Makes the clock show the given instant. */
    public void set(Instant instant) {
        now.set(instant);
    }

    @Override
    public Instant instant() {
        return now.instant;
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    /** The same clock seen from another zone: moving one moves both. */
    @Override
    public SettableClock withZone(ZoneId other) {
        return new SettableClock(now, other);
    }

    @Override
    public String toString() {
        return "SettableClock " + now.instant + " " + zone;
    }

    /** The instant that all zones of one clock share; written under its monitor. */
    private static final class Now {
        private volatile Instant instant;

        Now(Instant instant) {
            this.instant = instant;
        }

        synchronized void set(Instant value) {
            instant = value;
        }

        synchronized void advance(Duration duration) {
            instant = instant.plus(duration);
        }
    }
}
