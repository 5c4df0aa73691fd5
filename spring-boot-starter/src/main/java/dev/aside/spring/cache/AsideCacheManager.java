package dev.aside.spring.cache;

import dev.aside.cache.Caches;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;

/**
 * Spring's caches as Aside's: a process's own level, the level that nodes share, policies, and invalidations that reach
 * every node. Names are taken as they come, unless a list of them is given.
 *
 * <p>Thread-safe. A name's cache stays the same object. Close {@link Caches} and this manager is at its end too.
 */
public final class AsideCacheManager implements CacheManager, AutoCloseable {
    private final SpringCaches shared;
    private final SpringCaches local;
    private final Caches processOnly;
    private final boolean coherent;
    private final @Nullable Set<String> names;
    private final Map<String, AsideCache> byName = new ConcurrentHashMap<>();

    private AsideCacheManager(Builder builder) {
        this.coherent = builder.caches.hasRemote();
        this.processOnly = Caches.builder().build();
        this.shared = new SpringCaches(builder.caches, builder.policy, builder.settings);
        this.local = new SpringCaches(processOnly, null, Map.of());
        this.names = builder.names.isEmpty() ? null : Set.copyOf(builder.names);
        builder.names.forEach(this::create);
    }

    /** Begins a manager over these caches. */
    public static Builder builder(Caches caches) {
        return new Builder(caches);
    }

    /** The cache of that name; null if there is a list of names and this one is not on it. */
    @Override
    public @Nullable Cache getCache(String name) {
        AsideCache known = byName.get(name);
        return known != null || names != null ? known : create(name);
    }

    /** The names on the list, or else those asked for so far. */
    @Override
    public Collection<String> getCacheNames() {
        return Collections.unmodifiableSet(new TreeMap<>(byName).navigableKeySet());
    }

    private AsideCache create(String name) {
        return byName.computeIfAbsent(
                name,
                wanted -> coherent
                        ? new AsideCache(wanted, new SharedKeys(shared.shared(wanted), () -> local.local(wanted)))
                        : new AsideCache(wanted, new LocalKeys(shared.local(wanted))));
    }

    @Override
    public void close() {
        processOnly.close();
    }

    /** Collects what a manager is made of. Not thread-safe. */
    public static final class Builder {
        private final Caches caches;
        private @Nullable String policy;
        private List<String> names = List.of();
        private Map<String, SpringCacheSettings> settings = Map.of();

        private Builder(Caches caches) {
            this.caches = caches;
        }

        /** The policy of caches that name none; {@code "default"} without it. */
        public Builder policy(@Nullable String name) {
            this.policy = name;
            return this;
        }

        /** The only names there are; an empty list, as at first, lets them come as they are asked for. */
        public Builder cacheNames(Collection<String> only) {
            this.names = List.copyOf(only);
            return this;
        }

        /** What some caches have for themselves, by name. */
        public Builder settings(Map<String, SpringCacheSettings> byName) {
            this.settings = Map.copyOf(byName);
            return this;
        }

        /**
         * The manager.
         *
         * @throws dev.aside.cache.spi.CacheConfigurationException if a listed cache cannot be defined
         */
        public AsideCacheManager build() {
            return new AsideCacheManager(this);
        }
    }
}
