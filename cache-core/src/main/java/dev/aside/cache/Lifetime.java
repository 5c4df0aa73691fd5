package dev.aside.cache;

import dev.aside.cache.spi.RemoteValue;

/**
 * The instants of one entry, worked out from a policy once, when the entry is made. Immutable.
 *
 * @param refreshAt from here on a hit reloads behind the reader
 * @param localUntil from here on the remote tier is asked again
 * @param freshUntil from here on the value is stale, on every node
 * @param revalidateUntil until here a stale value is served while one load replaces it
 * @param keepUntil until here a stale value is served if its load fails
 */
record Lifetime(long refreshAt, long localUntil, long freshUntil, long revalidateUntil, long keepUntil) {

    /** The life of a value loaded here, fresh for the given time from {@code now} on. */
    static Lifetime ofLoaded(TtlPolicy policy, boolean absence, long freshNanos, long now) {
        return of(policy, absence, freshNanos, now);
    }

    /** The life of a value found in the remote tier: what is left of it, counted from the instant of the lookup. */
    static Lifetime ofRemote(TtlPolicy policy, RemoteValue remote, long lookedUpAt) {
        Lifetime life = of(policy, remote.value() == null, remote.freshNanos(), lookedUpAt);
        long keepUntil = lookedUpAt + remote.keepNanos();
        return new Lifetime(
                life.refreshAt,
                life.localUntil,
                life.freshUntil,
                earlier(life.revalidateUntil, keepUntil),
                earlier(life.keepUntil, keepUntil));
    }

    private static Lifetime of(TtlPolicy policy, boolean absence, long freshNanos, long from) {
        long freshUntil = from + freshNanos;
        long untilRefresh = absence ? freshNanos : freshNanos - refreshBelowNanos(policy);
        long local = Math.min(freshNanos, policy.localTtl().toNanos());
        return new Lifetime(
                from + untilRefresh,
                from + local,
                freshUntil,
                freshUntil + policy.staleWhileRevalidate().toNanos(),
                freshUntil + policy.longestStale().toNanos());
    }

    /** How much fresh time is left when refresh-ahead sets in. */
    static long refreshBelowNanos(TtlPolicy policy) {
        return (long) (policy.ttl().toNanos() * (1 - policy.refreshAhead()));
    }

    /** The fresh time of a newly loaded value: the policy's, shortened at random. */
    static long freshNanos(TtlPolicy policy, boolean absence, double random) {
        long ttl = (absence ? policy.nullTtl() : policy.ttl()).toNanos();
        return Math.max(1, (long) (ttl * (1 - policy.jitter() * random)));
    }

    /** The earlier of two instants of the same ticker, whose values may wrap around. */
    static long earlier(long a, long b) {
        return a - b < 0 ? a : b;
    }
}
