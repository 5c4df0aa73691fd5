package dev.aside.cache.spi;

/** What became of a put. In every case the value that was there before is gone, or will be. */
public enum PutOutcome {
    /** The tier holds the value, and the log tells the nodes to drop theirs. */
    STORED,
    /**
     * The key was invalidated instead: somebody else wrote, invalidated or cleared it since the intent, the intent ran
     * out, or the value cannot be written.
     */
    INVALIDATED,
    /** The tier could not be reached: an invalidation of the key stands in this node's journal and is retried. */
    PENDING
}
