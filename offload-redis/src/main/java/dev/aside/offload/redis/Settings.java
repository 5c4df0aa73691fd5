package dev.aside.offload.redis;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What a store leaves in Redis about itself, so that an operator's tool, which was not configured like it, keeps records
 * and counts leases as it does. The store that connected last wins.
 */
final class Settings {
    private Settings() {}

    static Map<String, byte[]> of(RedisJobOptions options) {
        RedisJobOptions.Times times = options.times();
        return Map.of(
                "shards", Bytes.of(options.layout().shards()),
                "lease", Bytes.of(times.lease().toMillis()),
                "result", Bytes.of(times.result().toMillis()),
                "status", Bytes.of(times.status().toMillis()),
                "dead", Bytes.of(times.dead().toMillis()),
                "retained", Bytes.of(options.limits().retained()));
    }

    /** What of it is not there yet, or is another's. */
    static Map<String, byte[]> missing(RedisJobOptions options, Map<String, byte[]> left) {
        Map<String, byte[]> missing = new HashMap<>(of(options));
        missing.entrySet().removeIf(field -> Arrays.equals(field.getValue(), left.get(field.getKey())));
        return missing;
    }

    /** Options like those of the store that left these fields; defaults where there are none. */
    static RedisJobOptions like(Map<String, byte[]> left, RedisJobOptions defaults) {
        RedisJobOptions.Times times = defaults.times();
        RedisJobOptions.Limits limits = defaults.limits();
        return new RedisJobOptions(
                defaults.address(),
                new Layout(defaults.layout().namespace(), (int) number(left, "shards", 1)),
                new RedisJobOptions.Times(
                        times.command(),
                        time(left, "lease", times.lease()),
                        time(left, "result", times.result()),
                        time(left, "status", times.status()),
                        time(left, "dead", times.dead())),
                new RedisJobOptions.Limits(
                        limits.payload(),
                        limits.result(),
                        limits.backlog(),
                        (int) number(left, "retained", limits.retained()),
                        limits.crashes()),
                defaults.durability(),
                defaults.mayEvict(),
                defaults.time());
    }

    private static Duration time(Map<String, byte[]> left, String name, Duration otherwise) {
        return Duration.ofMillis(number(left, name, otherwise.toMillis()));
    }

    private static long number(Map<String, byte[]> left, String name, long otherwise) {
        byte[] value = left.get(name);
        return value == null ? otherwise : Long.parseLong(Bytes.text(value));
    }
}
