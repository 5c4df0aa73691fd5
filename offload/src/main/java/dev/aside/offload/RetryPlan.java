package dev.aside.offload;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.core.functions.Either;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Whether and when a failed attempt is repeated, as a Resilience4j {@link RetryConfig} says. No thread waits: between
 * attempts the job is SCHEDULED and its permit is free.
 */
final class RetryPlan {
    private static final Duration FIRST = Duration.ofSeconds(2);
    private static final Duration CAP = Duration.ofHours(1);

    private final @Nullable RetryConfig config;

    RetryPlan(@Nullable RetryConfig config) {
        this.config = config;
    }

    /** So many attempts, with pauses of 2 s, 4 s, 8 s ... up to an hour, each times a random factor of 0.5 to 1. */
    static RetryConfig exponential(int maxAttempts) {
        IntervalFunction pauses = failures -> {
            double full = Math.min((double) CAP.toMillis(), FIRST.toMillis() * Math.pow(2, failures - 1));
            return (long) (full * ThreadLocalRandom.current().nextDouble(0.5, 1));
        };
        return RetryConfig.custom()
                .maxAttempts(maxAttempts)
                .intervalFunction(pauses)
                .build();
    }

    /** Nanoseconds to the next attempt, -1 if there is none. */
    long pauseNanos(int failures, Throwable thrown) {
        if (config == null
                || thrown instanceof UnreadablePayloadException
                || failures >= config.getMaxAttempts()
                || !config.getExceptionPredicate().test(thrown)) {
            return -1;
        }
        Long millis = config.<Object>getIntervalBiFunction().apply(failures, Either.left(thrown));
        Duration asked = askedFor(thrown);
        return Math.max(Duration.ofMillis(Math.max(0, millis)).toNanos(), asked.toNanos());
    }

    private static Duration askedFor(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < 10; depth++, cause = cause.getCause()) {
            if (cause instanceof RetryAfter hint) {
                Duration after = hint.retryAfter();
                return after.isNegative() ? Duration.ZERO : after.compareTo(Ranges.DAY) > 0 ? Ranges.DAY : after;
            }
            if (cause instanceof BacklogFullException full) {
                return full.retryAfter();
            }
        }
        return Duration.ZERO;
    }
}
