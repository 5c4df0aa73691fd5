package dev.aside.cache.redis;

/**
 * Something a {@link RedisTier} went through, for logs and metrics. No event carries user keys or values.
 */
public sealed interface RedisTierEvent {

    /** Commands are possible: the connection is open and tied to the server's history. */
    record Connected(String address) implements RedisTierEvent {}

    /** The connection is gone; reads are answered by loads until {@link Connected}. */
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
}
