package dev.aside.spring.cache;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one of Spring's caches has for itself; null leaves it to the policy. Immutable.
 *
 * @param policy the policy's name
 * @param ttl how long a value is fresh
 * @param localTtl how long a process serves its own copy
 * @param nullTtl how long a cached null is fresh; zero for not cached
 */
public record SpringCacheSettings(
        @Nullable String policy,
        @Nullable Duration ttl,
        @Nullable Duration localTtl,
        @Nullable Duration nullTtl) {

    /** Nothing. */
    public static final SpringCacheSettings NONE = new SpringCacheSettings(null, null, null, null);
}
