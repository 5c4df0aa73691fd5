package dev.aside.cache.redis;

import org.jspecify.annotations.Nullable;

/** Says that a tier cannot be built because of the Redis that is there, or is not. */
public abstract sealed class RedisStartException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    private final String problem;

    private RedisStartException(String problem, String hint, @Nullable Throwable cause) {
        super(problem + hint, cause);
        this.problem = problem;
    }

    /** What is wrong, and where: the message without the part that says how to mend it in code. */
    public String problem() {
        return problem;
    }

    /** There is no Redis that can be used, and {@link RedisTier.Startup#FAIL_FAST} was asked for. */
    public static final class Unreachable extends RedisStartException {
        private static final long serialVersionUID = 1;

        Unreachable(String problem, Throwable cause) {
            super(problem, ". Start it, or correct the URI, or start without it by RedisTier.Startup.DEGRADED", cause);
        }
    }

    /** The namespace is laid out in another number of shards than this node is configured for. */
    public static final class OtherLayout extends RedisStartException {
        private static final long serialVersionUID = 1;

        private final long shards;

        OtherLayout(Layout layout, long actual) {
            super(
                    "the namespace '" + layout.namespace() + "' is laid out in " + actual
                            + " shards, but this node is configured for " + layout.shards(),
                    "; give RedisTier.builder().shards(" + actual + ") or another namespace",
                    null);
            this.shards = actual;
        }

        /** Into how many shards it is laid out. */
        public long shards() {
            return shards;
        }
    }

    /** The server does not know all commands that are needed. */
    public static final class TooOld extends RedisStartException {
        private static final long serialVersionUID = 1;

        TooOld(String address, String version, String needed) {
            super(
                    "Redis at " + address + " is version " + version + ", but caches need " + needed + " or later",
                    "; update it, or give RedisTier another one",
                    null);
        }
    }
}
