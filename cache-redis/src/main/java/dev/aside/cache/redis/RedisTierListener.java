package dev.aside.cache.redis;

/**
 * Hears of what a {@link RedisTier} goes through. Called by one thread of its own, in order; a listener that is slow
 * loses events rather than delaying the tier, and what it throws is logged.
 */
@FunctionalInterface
public interface RedisTierListener {

    void on(RedisTierEvent event);
}
