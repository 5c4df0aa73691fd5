package dev.aside.offload;

/**
 * Whether a thread that is about to park should look on for a moment first. If what it waits for comes in that moment,
 * neither this thread nor the one it waits for has to be parked and woken, which costs more than a short call. If it
 * does not come again and again, looking on is only tried now and again, as adaptive locks do it.
 *
 * <p>May be shared by threads without being thread-safe: what gets lost between them costs a moment or two.
 */
final class AdaptiveSpin {
    private static final int MAX_LUCK = 8;
    private static final int SELDOM = 32;

    private final int worth;
    /** How many more moments may be in vain. */
    private int luck = MAX_LUCK;
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

    boolean pays() {
        return luck > 0 || ++parks % SELDOM == 0;
    }

    /** To be told after each moment whether what was waited for has come. */
    void ended(boolean found) {
        int before = luck;
        int after = found ? Math.min(MAX_LUCK, before + worth) : Math.max(0, before - 1);
        if (after != before) { // threads on all processors read it
            luck = after;
        }
    }
}
