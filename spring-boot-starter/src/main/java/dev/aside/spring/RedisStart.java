package dev.aside.spring;

import dev.aside.cache.redis.RedisStartException;
import dev.aside.cache.redis.RedisTier;
import dev.aside.cache.redis.RedisTierBuilder;
import dev.aside.cache.redis.RedisTimesException;
import java.util.ArrayList;
import java.util.List;

/** Builds the tier, and says which properties are to be changed if that fails. */
final class RedisStart {
    private RedisStart() {}

    /** @param place the properties that say where Redis is */
    static RedisTier build(RedisTierBuilder builder, List<String> place) {
        try {
            return builder.build();
        } catch (RedisTimesException e) {
            throw caused(contradiction(e), e);
        } catch (IllegalArgumentException e) {
            throw StartRefusedException.because(e, List.of("aside.redis"));
        } catch (RedisStartException e) {
            throw caused(unusable(e, place), e);
        }
    }

    private static StartRefusedException contradiction(RedisTimesException e) {
        String what = Complaint.of(e).what();
        return switch (e.tooShort()) {
            case STALE_BOUND ->
                new StartRefusedException(
                        what,
                        "raise aside.redis.stale-bound, or lower aside.redis.heartbeat or aside.redis.command-timeout",
                        List.of("aside.redis.stale-bound", "aside.redis.heartbeat", "aside.redis.command-timeout"));
            case LEASE_LIMIT ->
                new StartRefusedException(
                        what,
                        "raise aside.redis.lease-limit, or lower aside.redis.lease",
                        List.of("aside.redis.lease-limit", "aside.redis.lease"));
            case WRITE_GUARD ->
                new StartRefusedException(
                        what,
                        "raise aside.redis.write-guard, or lower aside.redis.command-timeout",
                        List.of("aside.redis.write-guard", "aside.redis.command-timeout"));
        };
    }

    private static StartRefusedException unusable(RedisStartException e, List<String> place) {
        if (e instanceof RedisStartException.OtherLayout other) {
            return new StartRefusedException(
                    e.problem(),
                    "set aside.redis.shards to " + other.shards()
                            + ", as on the other nodes, or aside.redis.namespace to another name",
                    List.of("aside.redis.shards", "aside.redis.namespace"));
        }
        if (e instanceof RedisStartException.TooOld) {
            return new StartRefusedException(e.problem(), "update Redis there, or correct the place", place);
        }
        List<String> properties = new ArrayList<>(place);
        properties.add("aside.redis.startup");
        return new StartRefusedException(
                e.problem(),
                "start Redis there, or correct the place, or set aside.redis.startup to degraded to go"
                        + " without it until it is there",
                properties);
    }

    private static StartRefusedException caused(StartRefusedException refused, RuntimeException cause) {
        refused.initCause(cause);
        return refused;
    }
}
