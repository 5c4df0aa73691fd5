package dev.aside.cache.spi;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
     * Invalidates what carries one of the tags, at a cost that does not depend on how much that is. A tier without tags
     * clears the cache.
     *
     * @param cache the cache's name; tags are its own
     * @param tags the tags; empty completes at once
     */
    default CompletionStage<Delivery> invalidateTags(String cache, Collection<String> tags) {
        return tags.isEmpty() ? CompletableFuture.completedStage(Delivery.DONE) : clear(cache);
    }

    /**
     * Announces writes: the values of the keys are gone, every lease on them is void, and until the intents end, or the
     * tier's guard time is over, no load of these keys is kept on any node.
     *
     * @param cache the cache's name
     * @param keys distinct keys
     * @return one intent per key, in the order of the keys; an empty list if the tier cannot be reached, or places none.
     *     The stage never fails
     */
    default CompletionStage<List<Intent>> announce(String cache, List<?> keys) {
        return CompletableFuture.completedStage(List.of());
    }

    /**
     * Ends announced writes by invalidating their keys, as {@link #invalidate} does. To be called whether the write
     * succeeded or not: nobody may know.
     */
    default CompletionStage<Delivery> end(List<Intent> intents) {
        return CompletableFuture.completedStage(Delivery.DONE);
    }

    /**
     * How long after a returned invalidation a node that hears nothing may go on serving what it holds: the bound B of
     * the coherence promise. Zero if invalidations are applied before they return.
     */
    Duration staleBound();

    /** Lets go of connections and threads. Caches opened before are denied everything from then on. Idempotent. */
    @Override
    void close();
}
