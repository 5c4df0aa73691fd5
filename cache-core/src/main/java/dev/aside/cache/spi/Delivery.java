package dev.aside.cache.spi;

/** How far an invalidation got. */
public enum Delivery {
    /** It stands in the log; every node follows within the tier's bound. */
    DONE,
    /** The tier could not be reached: it stands in this node's journal and is retried until it is delivered. */
    PENDING
}
