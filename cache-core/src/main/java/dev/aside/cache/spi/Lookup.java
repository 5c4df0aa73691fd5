package dev.aside.cache.spi;

import org.jspecify.annotations.Nullable;

/** What a tier knows of one key. Immutable. */
public sealed interface Lookup {

    /** A value that needs no load. */
    record Hit(RemoteValue value) implements Lookup {}

    /**
     * The caller is the one to load the key.
     *
     * @param lease redeemed by the fill
     * @param current the live value that is about to be replaced, or null if there is none
     */
    record Granted(Lease lease, @Nullable RemoteValue current) implements Lookup {}

    /**
     * No lease: the caller may load for itself, but the result must not be kept anywhere.
     *
     * @param reason why
     * @param current the live value that somebody else is about to replace, or null if there is none
     */
    record Denied(Reason reason, @Nullable RemoteValue current) implements Lookup {}

    /** Why a lease was denied. */
    enum Reason {
        /** Another caller holds the lease and did not finish within the wait. */
        BUSY,
        /** A write of the key is under way. */
        WRITING,
        /** The tier cannot be reached, or is not trusted yet after it could not. */
        UNAVAILABLE
    }
}
