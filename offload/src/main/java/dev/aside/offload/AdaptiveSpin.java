package dev.aside.offload;

/**
 * Whether a thread that is about to park should look on for a moment first. If what it waits for comes in that moment,
 * neither this thread nor the one it waits for has to be parked and woken, which costs more than a short call. If it
 * does not come again and again, looking on is only tried now and again, as adaptive locks do it.
 *
 * <p>May be shared by threads without being thread-safe: an update that gets lost costs one moment.
 */
final class AdaptiveSpin {
    private static final int MAX_LUCK = 8;
    private static final int SELDOM = 32;

    /** Moments that paid, less those in vain. */
    private int luck = MAX_LUCK;
    /** How often it was left alone. */
    private int parks;

    boolean pays() {
        return luck > 0 || ++parks % SELDOM == 0;
    }

    /** To be told after each moment whether what was waited for has come. */
    void ended(boolean found) {
        if (!found) {
            luck = Math.max(0, luck - 1);
        } else if (luck < MAX_LUCK) { // not written each time: callers on all processors read it
            luck++;
        }
    }
}
