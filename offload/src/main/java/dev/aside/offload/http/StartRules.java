package dev.aside.offload.http;

import dev.aside.offload.TypeOptions;
import java.time.Duration;
import java.util.Objects;

/**
 * How an endpoint starts work. Immutable.
 *
 * @param threshold how long a client waits that does not say; zero to {@code maxWait}
 * @param maxWait the longest wait, whatever a client says; zero to {@link TypeOptions#MAX_THRESHOLD}
 * @param promotion who may get a job
 * @param key what becomes of an {@code Idempotency-Key}
 */
public record StartRules(Duration threshold, Duration maxWait, PromotionMode promotion, KeyRule key) {
    private static final StartRules DEFAULT =
            new StartRules(Duration.ofMillis(200), Duration.ofSeconds(30), PromotionMode.AFTER_WAIT, KeyRule.OPTIONAL);

    /**
     * @throws IllegalArgumentException if a duration is out of its range
     */
    public StartRules {
        Objects.requireNonNull(promotion, "promotion");
        Objects.requireNonNull(key, "key");
        Durations.within("maxWait", maxWait, Duration.ZERO, TypeOptions.MAX_THRESHOLD);
        Durations.within("threshold", threshold, Duration.ZERO, maxWait);
    }

    /** 200 ms, at most 30 s, then a job for everybody, keys honoured. */
    public static StartRules standard() {
        return DEFAULT;
    }

    /** With another threshold; the longest wait grows with it if it has to. */
    public StartRules threshold(Duration threshold) {
        return new StartRules(threshold, threshold.compareTo(maxWait) > 0 ? threshold : maxWait, promotion, key);
    }

    /** With another longest wait; the threshold shrinks with it if it has to. */
    public StartRules maxWait(Duration maxWait) {
        return new StartRules(threshold.compareTo(maxWait) > 0 ? maxWait : threshold, maxWait, promotion, key);
    }

    /** With another promotion. */
    public StartRules promotion(PromotionMode promotion) {
        return new StartRules(threshold, maxWait, promotion, key);
    }

    /** With another rule for keys. */
    public StartRules key(KeyRule key) {
        return new StartRules(threshold, maxWait, promotion, key);
    }
}
