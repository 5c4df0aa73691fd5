package dev.aside.offload;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.ratelimiter.RateLimiter;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker and the rate limiter in front of a type's attempts. Who does not pass waits in the queue; no
 * attempt is spent. Thread-safe as its parts are.
 */
final class Gates {
    private static final long PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final @Nullable CircuitBreaker breaker;
    private final @Nullable RateLimiter limiter;

    Gates(@Nullable CircuitBreaker breaker, @Nullable RateLimiter limiter) {
        this.breaker = breaker;
        this.limiter = limiter;
    }

    /** Calls back when the breaker lets something through again. */
    void onOpening(Runnable action) {
        if (breaker != null) {
            breaker.getEventPublisher().onStateTransition(event -> action.run());
        }
    }

    /**
     * Lets an attempt pass, 0, or says for how many nanoseconds the type should pause.
     *
     * @param execution remembers a turn that the limiter has promised for later
     */
    long tryPass(Execution<?> execution) {
        if (breaker != null && !breaker.tryAcquirePermission()) {
            return PROBE_NANOS;
        }
        long wait = limiter == null || execution.hasTurn ? 0 : reserve(limiter, execution);
        if (wait > 0) {
            if (breaker != null) {
                breaker.releasePermission();
            }
            return wait;
        }
        execution.hasTurn = false;
        return 0;
    }

    /** 0, or how long to wait: for the promised turn, or before asking for one again. */
    private static long reserve(RateLimiter limiter, Execution<?> execution) {
        long wait = limiter.reservePermission();
        execution.hasTurn = wait > 0;
        return wait >= 0
                ? wait
                : limiter.getRateLimiterConfig().getLimitRefreshPeriod().toNanos();
    }

    /** An attempt that had passed is over. */
    void passed(long nanos, @Nullable Throwable thrown, boolean stopped) {
        if (breaker == null) {
            return;
        }
        if (thrown == null) {
            breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
        } else if (stopped) {
            breaker.releasePermission();
        } else {
            breaker.onError(nanos, TimeUnit.NANOSECONDS, thrown);
        }
    }
}
