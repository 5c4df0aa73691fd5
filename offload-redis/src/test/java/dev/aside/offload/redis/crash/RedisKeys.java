package dev.aside.offload.redis.crash;

import dev.aside.testkit.RedisServer;
import java.util.List;

/** Which keys of a namespace there are. */
final class RedisKeys {
    private RedisKeys() {}

    /** Without what all keys of a shard begin with, over all shards, sorted. */
    static List<String> of(RedisServer redis, String namespace) {
        return redis.command("KEYS", "off:{" + namespace + "#*").texts().stream()
                .map(key -> key.substring(key.indexOf("}:") + 2))
                .sorted()
                .toList();
    }
}
