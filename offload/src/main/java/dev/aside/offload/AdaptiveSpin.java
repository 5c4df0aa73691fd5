package dev.aside.offload;

import java.util.concurrent.TimeUnit;

/**
 * Whether a thread that is about to park should look on for a moment first, which begins with a yield. If what it waits
 * for comes in that moment, neither this thread nor the one it waits for has to be parked and woken, which costs more than
 * a short call. If it does not come again and again, looking on is only tried now and again, as adaptive locks do it.
 *
 * <p>Where others keep the processors busy, a thread that yields stands still for as long as they may run at a stretch;
 * one that is woken does not. After a moment that was lost to them it is tried half as often, at the end each 16,384th time.
 * Some forty to ninety that find make up for that: to find saves a hundredth of what is lost.
 *
 * <p>May be shared by threads without being thread-safe: what they overwrite of each other changes how often it is tried,
 * by a few times.
 */
final class AdaptiveSpin {
    private static final int MAX_LUCK = 8;
    private static final int SELDOM = 32;
    private static final int HARDLY_EVER = 1 << 14;
    /** Less than a scheduler lets a thread run at a stretch that has others to compete with. */
    private static final long TOO_LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final int worth;
    /** How many more moments may be in vain. */
    private int luck = MAX_LUCK;
    /** Without luck, one in so many is tried. */
    private int pause = SELDOM;
    /** How often it was left alone since a moment was lost, or it was tried without luck. */
    private int parks;

    /**
     * Begins by looking on.
     *
     * @param worth how many vain moments one makes up for that was not, 1 to 8
     */
    AdaptiveSpin(int worth) {
        this.worth = worth;
    }

    /** What to tell {@link #ended} after a moment of looking on; 0 if the thread should park at once. */
    int begin() {
        int seen = pause;
        if (luck > 0) {
            return seen;
        }
        if (++parks < seen) {
            return 0;
        }
        parks = 0;
        return seen;
    }

    /** Whether a moment was so long that others have had the processor. */
    static boolean isLong(long nanos) {
        return nanos > TOO_LONG_NANOS;
    }

    /**
     * To be told after each moment.
     *
     * @param begun what {@link #begin} said: many moments that were lost together count once
     * @param found whether what was waited for has come
     * @param lost whether it was {@link #isLong}, and not because of a crowd
     */
    void ended(int begun, boolean found, boolean lost) {
        int before = luck;
        int after = before - 1;
        if (lost) {
            after = 0;
            parks = 0;
            pause = Math.max(pause, Math.min(HARDLY_EVER, begun * 2));
        } else if (found) {
            after = before + worth;
            int seldom = pause;
            if (seldom > SELDOM) {
                pause = Math.max(SELDOM, seldom - Math.max(1, seldom / 128));
            }
        }
        after = Math.max(0, Math.min(MAX_LUCK, after));
        if (after != before) { // threads on all processors read it
            luck = after;
        }
    }
}
