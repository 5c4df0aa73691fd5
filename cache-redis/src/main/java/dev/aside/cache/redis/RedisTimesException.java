package dev.aside.cache.redis;

/** Says that the times a tier is to be built with contradict each other. */
public final class RedisTimesException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final TooShort time;

    RedisTimesException(TooShort time, String message) {
        super(message);
        this.time = time;
    }

    /** A time that must be longer than others. */
    public enum TooShort {
        /** {@link RedisTierBuilder#staleBound}, for the heartbeat and the command timeout. */
        STALE_BOUND,
        /** {@link RedisTierBuilder#leaseLimit}, for the lease. */
        LEASE_LIMIT,
        /** {@link RedisTierBuilder#writeGuard}, for the command timeout. */
        WRITE_GUARD
    }

    /** Which one it is. */
    public TooShort tooShort() {
        return time;
    }
}
