package dev.aside.cache.redis;

/**
 * Hears of what a {@link RedisTier} goes through. Each listener is called in order, by one thread of its own: nothing it
 * does delays the tier or other listeners. A listener that is slow loses the newest events and is told how many
 * ({@link RedisTierEvent.EventsDropped}); what it throws is counted, and logged the first time.
 */
@FunctionalInterface
public interface RedisTierListener {

    /** Something happened. May block. */
    void on(RedisTierEvent event);

    /**
     * Whether {@link RedisTierEvent.Invalidated}, {@link RedisTierEvent.InvalidatedTag} and
     * {@link RedisTierEvent.InvalidatedAll} are wanted, one for each entry of the log. Asked once, when the tier is built.
     */
    default boolean wantsInvalidations() {
        return false;
    }
}
