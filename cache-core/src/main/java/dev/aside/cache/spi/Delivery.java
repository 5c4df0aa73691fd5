package dev.aside.cache.spi;

/** How far an invalidation got. */
public enum Delivery {
    /** It stands in the log; every node follows within the tier's bound. */
    DONE,
    /**
     * The tier could not be reached: it stands in this node's memory and is retried until it is delivered. If the process
     * ends first it is lost, and old values live until their TTL.
     */
    PENDING
}
