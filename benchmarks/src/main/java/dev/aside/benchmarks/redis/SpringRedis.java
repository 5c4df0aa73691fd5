package dev.aside.benchmarks.redis;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.springframework.cache.Cache;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.serializer.JacksonJsonRedisSerializer;
import org.springframework.data.redis.serializer.RedisSerializationContext.SerializationPair;

/** Spring's RedisCache with its typed JSON serializer. It has no batches. */
final class SpringRedis implements Contender {
    private final LettuceConnectionFactory connections;
    private final Cache cache;

    SpringRedis(String uri) {
        RedisURI address = RedisURI.create(uri);
        connections = new LettuceConnectionFactory(address.getHost(), address.getPort());
        connections.afterPropertiesSet();
        connections.start();
        RedisCacheManager manager = RedisCacheManager.builder(connections)
                .cacheDefaults(RedisCacheConfiguration.defaultCacheConfig()
                        .entryTtl(Duration.ofHours(1))
                        .serializeValuesWith(
                                SerializationPair.fromSerializer(new JacksonJsonRedisSerializer<>(Article.class))))
                .build();
        manager.afterPropertiesSet();
        cache = Objects.requireNonNull(manager.getCache("article"));
        for (long key = 0; key < KEYS; key++) {
            cache.put(key, Article.of(key));
        }
    }

    @Override
    public String name() {
        return "Spring RedisCache";
    }

    @Override
    public Map<Work, Operation> operations() {
        return Map.of(
                Work.HIT, number -> Objects.requireNonNull(cache.get(Contender.key(number), Article.class)),
                Work.INVALIDATE, number -> cache.evictIfPresent(KEYS + Contender.key(number)));
    }

    @Override
    public void close() {
        connections.destroy();
    }
}
