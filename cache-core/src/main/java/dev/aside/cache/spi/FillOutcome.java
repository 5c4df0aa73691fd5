package dev.aside.cache.spi;

/** What became of a fill. Only {@link #STORED} allows the process to keep the value too. */
public enum FillOutcome {
    /** The tier holds the value. */
    STORED,
    /** The lease was void: the key was invalidated, or the lease ran out, while the value was being loaded. */
    REFUSED,
    /** The value cannot be written: too large, or its codec failed. */
    UNSTORABLE,
    /** The tier could not be reached, so nobody knows. */
    UNAVAILABLE
}
