package dev.aside.spring;

import dev.aside.cache.redis.RedisTierBuilder;
import dev.aside.spring.AsideProperties.Redis;
import java.time.Duration;
import java.util.List;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;

/**
 * Tells a tier's builder where Redis is: what {@code aside.redis.uri} says, or else where Spring Data Redis connects to,
 * which is a service that was started for the application, or {@code spring.data.redis.*}.
 */
final class RedisAddress {
    private static final Log LOG = LogFactory.getLog(RedisAddress.class);
    private static final Duration HEARTBEAT = Duration.ofMillis(100); // the builder's own, as is the bound
    private static final Duration STALE_BOUND = Duration.ofSeconds(1);

    private RedisAddress() {}

    /** Gives back the properties that say it. */
    static List<String> apply(
            Redis redis, Environment environment, ConfigurableListableBeanFactory beans, RedisTierBuilder builder) {
        if (redis.uri() != null) {
            RedisSettings.uri(redis.uri(), builder);
            return List.of("aside.redis.uri");
        }
        if (!SpringDataRedis.isPresent(beans.getBeanClassLoader())) {
            throw SpringDataRedis.nowhere();
        }
        SpringDataRedis shared = SpringDataRedis.of(environment);
        RedisPlace place = place(shared, beans);
        try {
            builder.uri(place.uri());
        } catch (IllegalArgumentException e) { // not passed on: its message shows part of what may be a password
            throw new StartRefusedException(
                    "there can be no Redis at " + place,
                    "correct the host, the port and the database",
                    SpringDataRedis.PLACE);
        }
        timeout(redis, shared.timeout(), builder);
        return SpringDataRedis.PLACE;
    }

    /** Where Spring Data Redis connects to. */
    static RedisPlace place(SpringDataRedis shared, ConfigurableListableBeanFactory beans) {
        String bean = DataRedisDetails.beanName(beans);
        return bean == null ? shared.place() : DataRedisDetails.place(beans, bean, shared.clientName());
    }

    /** Other users of Redis may wait longer than a cache, whose readers would rather load. */
    private static void timeout(Redis redis, @Nullable Duration timeout, RedisTierBuilder builder) {
        if (timeout == null || redis.commandTimeout() != null) {
            return;
        }
        Duration heartbeat = redis.heartbeat() == null ? HEARTBEAT : redis.heartbeat();
        Duration bound = redis.staleBound() == null ? STALE_BOUND : redis.staleBound();
        if (timeout.toMillis() > 0 && heartbeat.plus(timeout).compareTo(bound) < 0) {
            builder.commandTimeout(timeout);
        } else {
            LOG.info("spring.data.redis.timeout (" + timeout.toMillis() + " ms) does not hold for the caches: with the"
                    + " heartbeat it would not be below aside.redis.stale-bound. Set aside.redis.command-timeout if its"
                    + " default will not do");
        }
    }
}
