package dev.aside.cache.spi;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletionStage;

/**
 * A cache level outside the process that all nodes share, together with the log that carries invalidations between
 * them.
 *
 * <p>Thread-safe. No method blocks, and a tier that cannot be reached never fails a read: it answers
 * {@link Lookup.Denied}. Stages may complete on any thread, the tier's own I/O threads included; the engine moves on to
 * a thread of its own before it runs anything of the user's.
 */
public interface RemoteTier extends AutoCloseable {

    /**
     * Opens one cache. The engine calls this once per cache name.
     *
     * @param spec the cache's name and the types its keys and values are restored to
     * @param node what this process holds of the cache; told of every invalidation, this node's own included
     * @throws IllegalArgumentException if keys or values of these types cannot be written; the message names the type
     */
    RemoteCache open(CacheSpec spec, NodeCache node);

    /**
     * Invalidates keys of a cache, whether or not it is open in this process. When the stage completes with
     * {@link Delivery#DONE} the values are gone, every lease on the keys is void, and the entries stand in the log.
     *
     * @param cache the cache's name
     * @param keys the keys; empty completes at once
     */
    CompletionStage<Delivery> invalidate(String cache, Collection<?> keys);

    /** Invalidates every key of a cache at a cost that does not depend on their number. */
    CompletionStage<Delivery> clear(String cache);

    /**
     * How long after a returned invalidation a node that hears nothing may go on serving what it holds: the bound B of
     * the coherence promise. Zero if invalidations are applied before they return.
     */
    Duration staleBound();

    /** Lets go of connections and threads. Caches opened before are denied everything from then on. Idempotent. */
    @Override
    void close();
}
