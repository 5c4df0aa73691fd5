package dev.aside.spring.cache;

import dev.aside.cache.Cache;
import dev.aside.cache.CacheDefinition;
import dev.aside.cache.Caches;
import dev.aside.cache.TtlPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Defines the caches behind Spring's names. Thread-safe. */
final class SpringCaches {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private final Caches caches;
    private final @Nullable String policy;
    private final Map<String, SpringCacheSettings> settings;

    SpringCaches(Caches caches, @Nullable String policy, Map<String, SpringCacheSettings> settings) {
        this.caches = caches;
        this.policy = policy;
        this.settings = Map.copyOf(settings);
    }

    /** The cache with keys as they are, for this process alone. */
    Cache<Object, Object> local(String name) {
        return define(name, Object.class);
    }

    /** The cache with keys as text, for all nodes. */
    Cache<String, Object> shared(String name) {
        return define(name, String.class);
    }

    private <K> Cache<K, Object> define(String name, Class<K> keyType) {
        SpringCacheSettings own = settings.getOrDefault(name, SpringCacheSettings.NONE);
        String wanted = own.policy() == null ? policy : own.policy();
        CacheDefinition<K, Object> definition = caches.define(plain(name), keyType, Object.class)
                .policy(wanted)
                .ttl(own.ttl())
                .localTtl(own.localTtl());
        return definition.nullTtl(nullTtl(own, wanted)).create();
    }

    /** Spring's callers count on a cached null being a hit, so absences are kept even where the policy says nothing. */
    private @Nullable Duration nullTtl(SpringCacheSettings own, @Nullable String wanted) {
        if (own.nullTtl() != null) {
            return own.nullTtl();
        }
        String name = wanted == null ? TtlPolicy.standard().name() : wanted;
        TtlPolicy base = caches.policies().all().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElse(null);
        if (base == null || !base.nullTtl().isZero()) {
            return null; // of a policy that is not there, the definition complains
        }
        return own.ttl() == null ? base.ttl() : own.ttl();
    }

    /** Spring allows any text as a name; ours stand in keys and metrics. */
    static String plain(String name) {
        if (PLAIN.matcher(name).matches()) {
            return name;
        }
        CRC32 sum = new CRC32();
        sum.update(name.getBytes(StandardCharsets.UTF_8));
        String readable = name.replaceAll("[^A-Za-z0-9._-]", "-");
        String shortened = readable.substring(0, Math.min(readable.length(), 80));
        return "x" + shortened + "-" + Long.toHexString(sum.getValue());
    }
}
