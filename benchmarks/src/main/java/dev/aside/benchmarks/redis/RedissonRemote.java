package dev.aside.benchmarks.redis;

import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.redisson.Redisson;
import org.redisson.api.RLocalCachedMap;
import org.redisson.api.RMapCache;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.LocalCachedMapOptions;
import org.redisson.config.Config;

/** Redisson with its default codec: a map with TTLs for reads, a map with local copies for invalidations. */
final class RedissonRemote implements Contender {
    private final RedissonClient client;
    private final RMapCache<Long, Article> map;
    private final RLocalCachedMap<Long, Article> local;

    RedissonRemote(String uri) {
        Config config = new Config();
        config.useSingleServer().setAddress(uri);
        client = Redisson.create(config);
        map = client.getMapCache("redisson:article");
        local = client.getLocalCachedMap(LocalCachedMapOptions.name("redisson:local"));
        for (long key = 0; key < KEYS; key++) {
            map.fastPut(key, Article.of(key), 1, TimeUnit.HOURS);
            local.fastPut(key, Article.of(key));
        }
    }

    @Override
    public String name() {
        return "Redisson";
    }

    @Override
    public Map<Work, Operation> operations() {
        return Map.of(
                Work.HIT, number -> Objects.requireNonNull(map.get(Contender.key(number))),
                Work.BATCH, number -> map.getAll(new HashSet<>(Aside.keys(number, key -> key))),
                Work.INVALIDATE, number -> local.fastRemove(KEYS + Contender.key(number)));
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
