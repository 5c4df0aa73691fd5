package dev.aside.cache;

import dev.aside.cache.spi.RemoteValue;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

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
        return of(policy, absence, freshNanos, freshNanos, now);
    }

    /** The life of a value found in the remote tier: what is left of it, counted from the instant of the lookup. */
    static Lifetime ofRemote(TtlPolicy policy, RemoteValue remote, long lookedUpAt) {
        Lifetime life = of(policy, remote.value() == null, remote.freshNanos(), wholeNanos(remote), lookedUpAt);
        long keepUntil = lookedUpAt + remote.keepNanos();
        return new Lifetime(
                life.refreshAt,
                life.localUntil,
                life.freshUntil,
                earlier(life.revalidateUntil, keepUntil),
                earlier(life.keepUntil, keepUntil));
    }

    private static Lifetime of(TtlPolicy policy, boolean absence, long freshNanos, long wholeNanos, long from) {
        long freshUntil = from + freshNanos;
        long untilRefresh = absence ? freshNanos : freshNanos - refreshBelowNanos(policy, wholeNanos);
        // a process that may keep values for all of their ttl may also do so if they have a longer one of their own
        boolean wholly = policy.localTtl().equals(policy.ttl());
        long local =
                wholly ? freshNanos : Math.min(freshNanos, policy.localTtl().toNanos());
        return new Lifetime(
                from + untilRefresh,
                from + local,
                freshUntil,
                freshUntil + policy.staleWhileRevalidate().toNanos(),
                freshUntil + policy.longestStale().toNanos());
    }

    /** How much fresh time is left at most when refresh-ahead sets in. */
    static long refreshBelowNanos(TtlPolicy policy) {
        return refreshBelowNanos(policy, policy.ttl().toNanos());
    }

    /** The same for a value whose own ttl may be shorter. */
    private static long refreshBelowNanos(TtlPolicy policy, long wholeNanos) {
        return (long) (Math.min(policy.ttl().toNanos(), wholeNanos) * (1 - policy.refreshAhead()));
    }

    /** Whether a value found in the remote tier is old enough to be reloaded ahead of its end. */
    static boolean dueForRefresh(TtlPolicy policy, RemoteValue remote) {
        return remote.freshNanos() <= refreshBelowNanos(policy, wholeNanos(remote));
    }

    private static long wholeNanos(RemoteValue remote) {
        return remote.ageNanos() + Math.max(0, remote.freshNanos());
    }

    /** The fresh time of a newly loaded value: its own or the policy's, shortened at random. */
    static long freshNanos(TtlPolicy policy, @Nullable Object value, double random) {
        Duration ttl = value == null ? policy.nullTtl() : ownTtl(policy, value);
        return Math.max(1, (long) (ttl.toNanos() * (1 - policy.jitter() * random)));
    }

    private static Duration ownTtl(TtlPolicy policy, Object value) {
        Duration own = policy.ttlFrom() == null ? null : policy.ttlFrom().apply(value);
        if (own == null) {
            return policy.ttl();
        }
        if (own.compareTo(policy.minTtl()) < 0) {
            return policy.minTtl();
        }
        return own.compareTo(policy.maxTtl()) > 0 ? policy.maxTtl() : own;
    }

    /** The earlier of two instants of the same ticker, whose values may wrap around. */
    static long earlier(long a, long b) {
        return a - b < 0 ? a : b;
    }
}
