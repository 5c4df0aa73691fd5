package dev.aside.offload;

import java.util.concurrent.TimeUnit;

/**
 * Whether a thread that is about to park should look on for a moment first, which begins with a yield. If what it waits
 * for comes in that moment, neither this thread nor the one it waits for has to be parked and woken, which costs more than
 * a short call. If it does not come again and again, looking on is only tried now and again, as adaptive locks do it.
 *
 * <p>Where others keep the processors busy, a thread that yields stands still for as long as they may run at a stretch;
 * one that is woken does not. After a moment that took that long it is tried less and less often, at the end each
 * 16,384th time.
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
    /** Without luck, one in so many is tried; a power of two. */
    private int pause = SELDOM;
    /** How often it was left alone. */
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
        return luck > 0 || (++parks & (seen - 1)) == 0 ? seen : 0;
    }

    /**
     * To be told after each moment.
     *
     * @param begun what {@link #begin} said: many moments that were too long together count once
     * @param found whether what was waited for has come
     * @param nanos how long the moment was
     */
    void ended(int begun, boolean found, long nanos) {
        int before = luck;
        int after = before - 1;
        if (nanos > TOO_LONG_NANOS) {
            after = 0;
            pause = Math.min(HARDLY_EVER, begun * 2);
        } else if (found) {
            after = before + worth;
            if (begun > SELDOM) {
                pause = begun / 2;
            }
        }
        after = Math.max(0, Math.min(MAX_LUCK, after));
        if (after != before) { // threads on all processors read it
            luck = after;
        }
    }
}
