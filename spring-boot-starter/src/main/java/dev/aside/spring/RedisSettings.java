package dev.aside.spring;

import dev.aside.cache.redis.RedisTier;
import dev.aside.cache.redis.RedisTierBuilder;
import dev.aside.spring.AsideProperties.Redis;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Brings {@code aside.redis.*} into a tier's builder. */
final class RedisSettings {
    /** How to mend a malformed URI. */
    static final String FORM = "write redis://[user:password@]host[:port][/database], or rediss:// for TLS";

    private static final String PREFIX = "aside.redis.";

    private RedisSettings() {}

    /** Everything but where Redis is. */
    static void apply(Redis redis, RedisTierBuilder builder) {
        Property.apply(PREFIX + "namespace", redis.namespace(), builder::namespace);
        Property.apply(PREFIX + "shards", redis.shards(), builder::shards);
        Property.apply(
                PREFIX + "startup",
                redis.startup(),
                startup -> builder.startup(
                        switch (startup) {
                            case FAIL_FAST -> RedisTier.Startup.FAIL_FAST;
                            case DEGRADED -> RedisTier.Startup.DEGRADED;
                        }));
        Property.apply(PREFIX + "command-timeout", redis.commandTimeout(), builder::commandTimeout);
        Property.apply(PREFIX + "heartbeat", redis.heartbeat(), builder::heartbeat);
        Property.apply(PREFIX + "stale-bound", redis.staleBound(), builder::staleBound);
        Property.apply(PREFIX + "lease", redis.lease(), builder::lease);
        Property.apply(PREFIX + "lease-limit", redis.leaseLimit(), builder::leaseLimit);
        Property.apply(PREFIX + "write-guard", redis.writeGuard(), builder::writeGuard);
        size(PREFIX + "max-value-bytes", redis.maxValueBytes(), builder::maxValueBytes);
        size(PREFIX + "compress-above", redis.compressAbove(), builder::compressAbove);
    }

    /** Where Redis is. The builder's message is not passed on: it shows part of what may be a password. */
    static void uri(String uri, RedisTierBuilder builder) {
        try {
            builder.uri(uri);
        } catch (IllegalArgumentException e) {
            String what = uri.startsWith("redis-sentinel") || uri.startsWith("rediss-sentinel")
                    ? "Redis Sentinel is not supported yet"
                    : "the Redis URI is malformed";
            throw new StartRefusedException(what, FORM, List.of(PREFIX + "uri"));
        }
    }

    private static void size(String name, @Nullable DataSize size, IntConsumer setter) {
        Property.apply(name, size, given -> {
            if (given.toBytes() > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("values of more than " + Integer.MAX_VALUE
                        + " bytes cannot be handled [hint: write at most 2047MB]");
            }
            setter.accept((int) given.toBytes());
        });
    }
}
