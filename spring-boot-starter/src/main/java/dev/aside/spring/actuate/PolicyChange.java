package dev.aside.spring.actuate;

import dev.aside.cache.TtlPolicy;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an operator wants to have changed of a policy; null stays as it is. Immutable.
 *
 * @param ttl how long a value is fresh, as in {@code 10m} or {@code PT10M}
 * @param localTtl how long a process serves its own copy
 * @param nullTtl how long an absence is fresh; {@code 0s} for not cached
 * @param staleIfError how long past its ttl a value is served if its load fails
 * @param maximumSize the most entries a process keeps of a cache
 */
record PolicyChange(
        @Nullable String ttl,
        @Nullable String localTtl,
        @Nullable String nullTtl,
        @Nullable String staleIfError,
        @Nullable Long maximumSize) {
    private static final PolicyChange NOTHING = new PolicyChange(null, null, null, null, null);

    /**
     * The policy with the changes.
     *
     * @throws IllegalArgumentException if there are none, or one cannot be read, or the policy refuses it
     */
    TtlPolicy of(TtlPolicy policy) {
        if (equals(NOTHING)) {
            throw new IllegalArgumentException("policy '" + policy.name()
                    + "' was to be changed in nothing [hint: ttl, localTtl, nullTtl, staleIfError, maximumSize]");
        }
        TtlPolicy.Builder builder = policy.toBuilder();
        set("ttl", ttl, builder::ttl);
        set("localTtl", localTtl, builder::localTtl);
        set("nullTtl", nullTtl, builder::nullTtl);
        set("staleIfError", staleIfError, builder::staleIfError);
        if (maximumSize != null) {
            builder.maximumSize(maximumSize);
        }
        return builder.build();
    }

    private static void set(String name, @Nullable String text, Consumer<Duration> setter) {
        if (text != null) {
            setter.accept(DurationText.read(name, text));
        }
    }
}
