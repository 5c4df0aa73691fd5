package dev.aside.cache.spi;

/**
 * What a process holds of one cache, as seen by the tier that tells it about invalidations. Implemented by the engine.
 *
 * <p>Thread-safe. No method blocks, runs user code or throws: a tier may call them on its I/O threads.
 */
public interface NodeCache {

    /** The key was invalidated somewhere: drops the value and disowns loads that have begun. */
    void invalidated(Object key);

    /** All keys were invalidated, or some may have been without notice: drops everything and disowns all loads. */
    void cleared();

    /** What carries the tag was invalidated somewhere: drops it and disowns all loads, for nobody knows yet their tags. */
    void tagInvalidated(String tag);
}
