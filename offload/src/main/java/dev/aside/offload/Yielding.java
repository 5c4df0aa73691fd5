package dev.aside.offload;

/**
 * Whether a thread that is about to park should yield first. On a busy processor a yield lets the thread go on that is
 * waited for, and neither has to be parked and woken, which costs more than a short call. On a quiet one it is in vain;
 * after some of those it is only tried now and again.
 *
 * <p>May be shared by threads without being thread-safe: an update that gets lost costs one yield.
 */
final class Yielding {
    private static final int LUCK = 8;
    private static final int SELDOM = 32;

    /** How many more yields may be in vain. */
    private int luck = LUCK;
    /** How often it did not pay. */
    private int parks;

    boolean pays() {
        return luck > 0 || ++parks % SELDOM == 0;
    }

    /** To be told after each yield whether what was waited for has come. */
    void yielded(boolean found) {
        if (!found) {
            luck = Math.max(0, luck - 1);
        } else if (luck < LUCK) { // not written each time: callers on all processors read it
            luck = LUCK;
        }
    }
}
