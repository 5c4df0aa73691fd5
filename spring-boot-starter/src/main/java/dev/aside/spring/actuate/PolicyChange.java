package dev.aside.spring.actuate;

import dev.aside.cache.TtlPolicy;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DurationFormat.Style;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

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
            setter.accept(duration(name, text.strip()));
        }
    }

    private static Duration duration(String name, String text) {
        try {
            if (!text.isEmpty()) {
                boolean iso = text.startsWith("P") || text.startsWith("p");
                return DurationFormatterUtils.parse(text, iso ? Style.ISO8601 : Style.COMPOSITE);
            }
        } catch (IllegalArgumentException e) {
            throw notDuration(name, text, e);
        }
        throw notDuration(name, text, null);
    }

    private static IllegalArgumentException notDuration(String name, String text, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                name + " '" + text + "' is not a duration [hint: 250ms, 30s, 10m, 2h5m or PT30S]", cause);
    }
}
