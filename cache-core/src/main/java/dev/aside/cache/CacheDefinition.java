package dev.aside.cache;

import dev.aside.cache.spi.CacheConfigurationException;
import dev.aside.cache.spi.CacheSpec;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Defines a cache with settings of its own on top of its policy, as the attributes of {@code @Cached} do; made by {@link
 * Caches#define}. Not thread-safe.
 *
 * @param <K> the keys
 * @param <V> the values
 */
public final class CacheDefinition<K, V> {
    private final CacheRegistry registry;
    private final String name;
    private final Class<K> keyType;
    private final Type valueType;
    private @Nullable String policy;
    private @Nullable Duration ttl;
    private @Nullable Duration localTtl;
    private @Nullable Duration nullTtl;

    CacheDefinition(CacheRegistry registry, String name, Class<K> keyType, Type valueType) {
        this.registry = registry;
        this.name = name;
        this.keyType = keyType;
        this.valueType = valueType;
    }

    /** The policy's name; {@code "default"} without it. */
    public CacheDefinition<K, V> policy(@Nullable String name) {
        this.policy = name;
        return this;
    }

    /** How long a value is fresh; null takes the policy's. */
    public CacheDefinition<K, V> ttl(@Nullable Duration ttl) {
        this.ttl = ttl;
        return this;
    }

    /** How long a process serves its own copy; null takes the policy's. */
    public CacheDefinition<K, V> localTtl(@Nullable Duration localTtl) {
        this.localTtl = localTtl;
        return this;
    }

    /** How long an absence is fresh, zero for not cached; null takes the policy's. */
    public CacheDefinition<K, V> nullTtl(@Nullable Duration nullTtl) {
        this.nullTtl = nullTtl;
        return this;
    }

    /**
     * Defines the cache, or gives the one of that name if it is the same in every respect.
     *
     * @throws CacheConfigurationException if the name is in use for something else, or settings contradict the policy
     */
    @SuppressWarnings("unchecked") // the registry compares the types a name stands for
    public Cache<K, V> create() {
        String where = "Caches.cache(\"" + name + "\", ...)";
        if (keyType.isPrimitive() || (valueType instanceof Class<?> plain && plain.isPrimitive())) {
            throw new CacheConfigurationException(
                    "a primitive type cannot be a key or value\n    for " + where + " [hint: Long.class]");
        }
        return (Cache<K, V>) registry.define(
                new CacheSpec(name, List.of(keyType), valueType),
                new PolicyBinding.Wish(policy, ttl, localTtl, nullTtl, List.of(), where));
    }
}
