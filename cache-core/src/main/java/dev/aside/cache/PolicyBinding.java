package dev.aside.cache;

import dev.aside.cache.proxy.DurationText;
import dev.aside.cache.spi.CacheConfigurationException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The policy of one cache: the named one with the cache's own settings on top. Follows when the named policy is
 * replaced. Thread-safe; reading is one volatile read.
 */
final class PolicyBinding implements Supplier<TtlPolicy> {

    /**
     * What a cache sets for itself; null leaves the policy's.
     *
     * @param policy the policy's name; null takes the cache's, or else {@code "default"}
     * @param tags the texts of the tags of its values
     * @param where who asked for it, for errors
     */
    record Wish(
            @Nullable String policy,
            @Nullable Duration ttl,
            @Nullable Duration localTtl,
            @Nullable Duration nullTtl,
            List<String> tags,
            String where) {

        /** Whether a later wish asks for nothing else; what it does not say it takes as it is. */
        boolean grants(Wish later) {
            return (later.policy == null || policyName().equals(later.policy))
                    && grants(ttl, later.ttl)
                    && grants(localTtl, later.localTtl)
                    && grants(nullTtl, later.nullTtl)
                    && tags.equals(later.tags);
        }

        private static boolean grants(@Nullable Duration there, @Nullable Duration wanted) {
            return wanted == null || wanted.equals(there);
        }

        String policyName() {
            return policy == null ? TtlPolicy.standard().name() : policy;
        }

        /** The settings in the notation of the annotations. */
        String settings() {
            return "policy '" + policyName() + "'" + part("ttl", ttl) + part("localTtl", localTtl)
                    + part("nullTtl", nullTtl) + (tags.isEmpty() ? "" : ", tags " + tags);
        }

        private static String part(String name, @Nullable Duration value) {
            return value == null ? "" : ", " + name + " " + DurationText.format(value);
        }
    }

    private final String cache;
    private final Wish wish;
    private final boolean localOnly;
    private volatile TtlPolicy effective;

    PolicyBinding(String cache, Wish wish, boolean localOnly, TtlPolicy named) {
        this.cache = cache;
        this.wish = wish;
        this.localOnly = localOnly;
        this.effective = effective(named);
    }

    @Override
    public TtlPolicy get() {
        return effective;
    }

    Wish wish() {
        return wish;
    }

    /** The policy as it would be with another named policy underneath. */
    TtlPolicy effective(TtlPolicy named) {
        try {
            TtlPolicy.Builder builder = named.toBuilder();
            Duration ttl = wish.ttl == null ? named.ttl() : wish.ttl;
            Duration localTtl = wish.localTtl == null ? shorter(named.localTtl(), ttl) : wish.localTtl;
            Duration nullTtl = wish.nullTtl == null ? shorter(named.nullTtl(), ttl) : wish.nullTtl;
            // without a remote tier the copy in the process is the value itself
            builder.ttl(ttl).localTtl(localOnly ? ttl : localTtl).nullTtl(nullTtl);
            if (localOnly && localTtl.compareTo(ttl) > 0) {
                builder.localTtl(localTtl);
            }
            return builder.build();
        } catch (CacheConfigurationException e) {
            throw new CacheConfigurationException(e.getMessage() + "\n    for cache '" + cache + "' " + wish.where, e);
        }
    }

    /** As {@link #effective}, in place of the one in force: a cache that counts its entries cannot begin to weigh them. */
    TtlPolicy successor(TtlPolicy named) {
        TtlPolicy next = effective(named);
        if ((effective.weigher() == null) != (next.weigher() == null)) {
            throw new CacheConfigurationException("policy '" + next.name() + "' replaces maximumSize by maximumWeight,"
                    + " or the other way round\n    for cache '" + cache + "' " + wish.where
                    + " [hint: keep the measure; change the maximum]");
        }
        return next;
    }

    void follow(TtlPolicy policy) {
        effective = policy;
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
