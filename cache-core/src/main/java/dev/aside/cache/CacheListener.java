package dev.aside.cache;

/**
 * Told of what happens in the caches. Called on the thread where it happens, so it must be quick and must not call the
 * cache; what it throws is logged and goes no further.
 */
@FunctionalInterface
public interface CacheListener {

    /** Something happened. */
    void onEvent(CacheEvent event);

    /** Whether {@link CacheEvent.Read} is wanted, which costs an object on each read. */
    default boolean wantsReads() {
        return false;
    }
}
