package dev.aside.cache.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.aside.cache.redis.RedisTimesException.TooShort;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** The settings of a tier, checked. Immutable. */
record RedisTierOptions(
        RedisURI uri,
        Layout layout,
        Times times,
        Values values,
        RedisTier.Startup startup,
        List<RedisTierListener> listeners,
        Ticker ticker,
        InstantSource wall) {

    /** Writers that were cut off reconnect and deliver within this time. */
    private static final Duration QUARANTINE = Duration.ofMillis(500);

    private static final Duration RECONNECT = Duration.ofMillis(250);
    private static final Duration MIN_CONNECT = Duration.ofMillis(250);

    /** Longer than the others: what a network held back goes on where it was, nobody has to try again. */
    private static final Duration GREETING = Duration.ofSeconds(2);

    /** How long things take at most. */
    record Times(
            Duration commandTimeout,
            Duration heartbeat,
            Duration staleBound,
            Duration lease,
            Duration leaseLimit,
            Duration writeGuard) {}

    /** How values are written. */
    record Values(ValueCodec codec, int maxBytes, int compressAbove) {}

    RedisTierOptions {
        listeners = List.copyOf(listeners);
        if (times.staleBound().compareTo(times.heartbeat().plus(times.commandTimeout())) <= 0) {
            throw new RedisTimesException(
                    TooShort.STALE_BOUND,
                    "the stale bound of "
                            + times.staleBound().toMillis()
                            + " ms is not above the heartbeat of "
                            + times.heartbeat().toMillis() + " ms and the command timeout of "
                            + times.commandTimeout().toMillis()
                            + " ms together: a single slow answer would end the trust");
        }
        if (times.leaseLimit().compareTo(times.lease()) < 0) {
            throw new RedisTimesException(
                    TooShort.LEASE_LIMIT,
                    "the lease limit of " + times.leaseLimit().toMillis() + " ms is below the lease of "
                            + times.lease().toMillis() + " ms");
        }
        if (times.writeGuard().compareTo(times.commandTimeout()) <= 0) {
            throw new RedisTimesException(
                    TooShort.WRITE_GUARD,
                    "the write guard of " + times.writeGuard().toMillis() + " ms is not above the command timeout of "
                            + times.commandTimeout().toMillis()
                            + " ms: an announced write could lose its guard before it has begun");
        }
        uri.setTimeout(max(GREETING, times.commandTimeout()));
    }

    Duration commandTimeout() {
        return times.commandTimeout();
    }

    /** For the socket to be connected. */
    Duration connectTimeout() {
        return max(MIN_CONNECT, times.commandTimeout());
    }

    Duration heartbeat() {
        return times.heartbeat();
    }

    Duration staleBound() {
        return times.staleBound();
    }

    Duration lease() {
        return times.lease();
    }

    Duration leaseLimit() {
        return times.leaseLimit();
    }

    Duration writeGuard() {
        return times.writeGuard();
    }

    ValueCodec codec() {
        return values.codec();
    }

    int maxValueBytes() {
        return values.maxBytes();
    }

    int compressAbove() {
        return values.compressAbove();
    }

    LogReader.Clocks clocks() {
        return new LogReader.Clocks(
                ticker, wall, heartbeat().toNanos(), staleBound().toNanos());
    }

    Trust.Times trustTimes() {
        Duration quarantine = max(QUARANTINE, connectTimeout().plus(RECONNECT));
        Duration silence = max(heartbeat().plus(commandTimeout()), staleBound().minus(quarantine));
        return new Trust.Times(staleBound().toNanos(), quarantine.toNanos(), silence.toNanos());
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
