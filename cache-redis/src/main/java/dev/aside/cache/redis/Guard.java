package dev.aside.cache.redis;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The circuit breaker in front of reads: when Redis fails or times out for half of them, the next ones go to their loads
 * at once instead of waiting each for itself. Invalidations never pass it. Thread-safe.
 */
final class Guard {
    private static final Logger LOG = System.getLogger(RedisTier.class.getName());
    private static final Duration OPEN = Duration.ofMillis(300);
    private static final int WINDOW = 50;
    private static final int MINIMUM = 10;
    private static final int TRIALS = 3;

    private final CircuitBreaker breaker;

    Guard(String namespace, Events events) {
        breaker = CircuitBreaker.of(
                "aside-redis-" + namespace,
                CircuitBreakerConfig.custom()
                        .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                        .slidingWindowSize(WINDOW)
                        .minimumNumberOfCalls(MINIMUM)
                        .failureRateThreshold(50)
                        .waitDurationInOpenState(OPEN)
                        .permittedNumberOfCallsInHalfOpenState(TRIALS)
                        .build());
        breaker.getEventPublisher().onStateTransition(event -> {
            CircuitBreaker.State state = event.getStateTransition().getToState();
            if (event.getStateTransition().getFromState() == CircuitBreaker.State.CLOSED) {
                LOG.log(Level.WARNING, "reads of namespace " + namespace + " go past Redis: too many failed");
            } else if (state == CircuitBreaker.State.CLOSED) {
                LOG.log(Level.INFO, "reads of namespace " + namespace + " use Redis again");
            }
            events.publish(new RedisTierEvent.Breaker(state.name()));
        });
    }

    /** Whether a read may be sent; each yes is followed by exactly one of the calls below. */
    boolean permits() {
        return breaker.tryAcquirePermission();
    }

    /** The state, as statistics call it. */
    RedisTierStats.Breaker state() {
        return switch (breaker.getState()) {
            case OPEN, FORCED_OPEN -> RedisTierStats.Breaker.OPEN;
            case HALF_OPEN -> RedisTierStats.Breaker.HALF_OPEN;
            default -> RedisTierStats.Breaker.CLOSED;
        };
    }

    /** Nothing was sent after all. */
    void unused() {
        breaker.releasePermission();
    }

    void succeeded(long nanos) {
        breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
    }

    void failed(long nanos, Throwable cause) {
        breaker.onError(nanos, TimeUnit.NANOSECONDS, cause);
    }
}
