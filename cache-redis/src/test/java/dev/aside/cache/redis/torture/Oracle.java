package dev.aside.cache.redis.torture;

/** What is checked on a history; {@code docs/coherence.md} says how. */
public enum Oracle {
    /** A read that began B after an invalidation returned, or on a node that has applied it, is not older. */
    O1,
    /** 500 ms + B after the last fault every node gives what the database holds. */
    O2,
    /** Every value read was once written to that key. */
    O3,
    /** One load per key in the whole cluster. */
    O4,
    /** Every invalidation returns or says that it is pending, and is delivered once Redis is back. */
    O5,
    /** No call takes longer than its load and the command timeouts it may meet. */
    O6,
    /** After an outage of all nodes no cached value is older than a write whose invalidation was pending then. */
    O7,
    /** Whatever was invalidated or not: no value is given out longer than its ttl after it was overwritten. */
    TTL
}
