package dev.aside.cache.spi;

/**
 * How a lookup treats values that are live but old, and keys that somebody else is loading. Immutable.
 *
 * @param refreshBelowNanos a live value with this much fresh time left, or less, is to be loaded anew: the lookup asks
 *     for its refresh lease. Zero reloads stale values only; {@link Long#MAX_VALUE} reloads in any case
 * @param waitNanos how long to wait for another caller's load of the same key before {@link Lookup.Reason#BUSY} is
 *     answered; zero does not wait
 * @param staleNanos a value that has been stale for no longer than this is served meanwhile, so it is not waited for;
 *     {@link Long#MAX_VALUE} waits only if there is no value at all
 */
public record LookupRequest(long refreshBelowNanos, long waitNanos, long staleNanos) {

    /** Serves any fresh value and does not wait for others. */
    public static final LookupRequest READ = new LookupRequest(0, 0);

    public LookupRequest {
        if (refreshBelowNanos < 0 || waitNanos < 0 || staleNanos < 0) {
            throw new IllegalArgumentException("a lookup's times cannot be negative: refresh below " + refreshBelowNanos
                    + " ns, wait " + waitNanos + " ns, stale " + staleNanos + " ns");
        }
    }

    /** A request that waits only if there is no value at all. */
    public LookupRequest(long refreshBelowNanos, long waitNanos) {
        this(refreshBelowNanos, waitNanos, Long.MAX_VALUE);
    }
}
