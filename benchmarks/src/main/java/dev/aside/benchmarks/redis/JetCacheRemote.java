package dev.aside.benchmarks.redis;

import com.alicp.jetcache.Cache;
import com.alicp.jetcache.redis.lettuce.RedisLettuceCacheBuilder;
import com.alicp.jetcache.support.Fastjson2KeyConvertor;
import com.alicp.jetcache.support.JavaValueDecoder;
import com.alicp.jetcache.support.JavaValueEncoder;
import io.lettuce.core.RedisClient;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** JetCache's remote level with its default codec, Java serialization. */
final class JetCacheRemote implements Contender {
    private final RedisClient client;
    private final Cache<Long, Article> cache;

    JetCacheRemote(String uri) {
        client = RedisClient.create(uri);
        cache = RedisLettuceCacheBuilder.createRedisLettuceCacheBuilder()
                .keyConvertor(Fastjson2KeyConvertor.INSTANCE)
                .valueEncoder(JavaValueEncoder.INSTANCE)
                .valueDecoder(JavaValueDecoder.INSTANCE)
                .redisClient(client)
                .keyPrefix("jetcache:")
                .expireAfterWrite(1, TimeUnit.HOURS)
                .buildCache();
        for (long key = 0; key < KEYS; key++) {
            cache.put(key, Article.of(key));
        }
    }

    @Override
    public String name() {
        return "JetCache remote";
    }

    @Override
    public Map<Work, Operation> operations() {
        return Map.of(
                Work.HIT, number -> cache.get(Contender.key(number)),
                Work.BATCH, number -> cache.getAll(new HashSet<>(Aside.keys(number, key -> key))),
                Work.INVALIDATE, number -> cache.remove(KEYS + Contender.key(number)));
    }

    @Override
    public void close() {
        cache.close();
        client.shutdown();
    }
}
