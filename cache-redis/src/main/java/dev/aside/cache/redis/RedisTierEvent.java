package dev.aside.cache.redis;

import org.jspecify.annotations.Nullable;

/**
 * Something a {@link RedisTier} went through, for logs, metrics and whatever else wants to know. Immutable.
 *
 * <p>Only {@link Invalidated} carries a key of the user's: do not log it above DEBUG. No event carries values.
 */
public sealed interface RedisTierEvent {

    /** Commands are possible: the connection is open and tied to the server's history. */
    record Connected(String address) implements RedisTierEvent {}

    /** The connection is gone, or there was none to begin with; reads are answered by loads until {@link Connected}. */
    record Lost(String address, String reason) implements RedisTierEvent {}

    /** What the process holds may be served again, or not any more: the node follows the log, or it does not. */
    record Trust(boolean trusted) implements RedisTierEvent {}

    /** For this long the tier is not used: writers that were cut off too are given time to deliver. */
    record Quarantined(long nanos) implements RedisTierEvent {}

    /** Invalidations of a shard may have been missed; everything the process holds was dropped. */
    record Gap(int shard, String reason) implements RedisTierEvent {}

    /** A cache was dropped from the process as a whole. */
    record Cleared(String cache, String reason) implements RedisTierEvent {}

    /** A loaded value came too late: its key was invalidated, or its lease ran out. */
    record FillRefused(String cache) implements RedisTierEvent {}

    /** A loaded value could not be written; it goes to its callers and is kept nowhere. */
    record Unstorable(String cache, String reason) implements RedisTierEvent {}

    /** Something in Redis, or a key, could not be read; it counts as absent. */
    record Undecodable(String cache, String what) implements RedisTierEvent {}

    /** A written value was not stored, because somebody else touched its key meanwhile: the key was invalidated. */
    record PutRefused(String cache) implements RedisTierEvent {}

    /** A write could not be announced. */
    record NotAnnounced(String cache, String reason) implements RedisTierEvent {}

    /** How many invalidations wait to be delivered. */
    record Pending(int size) implements RedisTierEvent {}

    /** The circuit breaker in front of reads changed its state. */
    record Breaker(String state) implements RedisTierEvent {}

    /** A read that failed or timed out and was answered by {@code UNAVAILABLE}. */
    record ReadFailed(String cache, String reason) implements RedisTierEvent {}

    /**
     * An invalidation of a key arrived by the log and was applied in this process; also this node's own ones. Published to
     * {@linkplain RedisTierListener#wantsInvalidations listeners that ask for it}, for caches that are open here. It may
     * come twice, and not at all when {@link Cleared} is published in its place.
     *
     * @param key the key; null if only its hash is in the log and nothing of the key was ever kept here
     * @param own whether this node wrote it
     */
    record Invalidated(String cache, @Nullable Object key, boolean own) implements RedisTierEvent {}

    /** As {@link Invalidated}, for all keys of a cache. */
    record InvalidatedAll(String cache, boolean own) implements RedisTierEvent {}

    /** As {@link Invalidated}, for what carries a tag. */
    record InvalidatedTag(String cache, String tag, boolean own) implements RedisTierEvent {}

    /** So many events were not told to this listener, because it was too slow. */
    record EventsDropped(long count) implements RedisTierEvent {}
}
