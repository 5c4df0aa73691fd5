package dev.aside.cache;

import com.github.benmanes.caffeine.cache.Ticker;

/**
 * Whether entries come into a cache. While they do, some may have to go, and the eviction should know all there is to know about
 * the others; while none do, what it hears only has to be enough for the next one that comes.
 *
 * <p>Thread-safe. Racy: it is late to notice by what threads are late to tell each other.
 */
final class Influx {
    private static final int TICK_BITS = 23;

    private final Ticker clock;
    private int lastTick; // at first 0, which at worst is an influx of two ticks that was none

    Influx(Ticker clock) {
        this.clock = clock;
    }

    /** The tick of 8.4 ms that the instant is in. */
    static int tick(long now) {
        return (int) (now >>> TICK_BITS);
    }

    /** The instant, cheap to read. */
    long now() {
        return clock.read();
    }

    /** An entry came in. */
    void came() {
        int tick = tick(now());
        if (tick != lastTick) { // a write makes every reader's processor fetch it again
            lastTick = tick;
        }
    }

    /** Whether one came in this tick or the one before; or in the next, as clocks may lag. */
    boolean isOn(long now) {
        return Integer.compareUnsigned(tick(now) - lastTick + 1, 2) <= 0;
    }
}
