package dev.aside.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.aside.cache.LoadRejectedException.Reason;
import dev.aside.cache.TtlPolicy.LoadBreaker;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a cache and the user's method: lets so many loads in at a time, and none for a while after too many
 * failed. Follows the policy: a bulkhead or breaker is made anew when its own settings change, and loads that are inside
 * leave by the one they came through.
 *
 * <p>Thread-safe.
 */
final class LoadGuard {
    private final String cache;
    private final Ticker ticker;

    private volatile Gates gates = new Gates(0, Duration.ZERO, null, null, null);

    LoadGuard(String cache, Ticker ticker) {
        this.cache = cache;
        this.ticker = ticker;
    }

    private record Gates(
            int loads,
            Duration turnWait,
            @Nullable LoadBreaker settings,
            @Nullable Bulkhead bulkhead,
            @Nullable CircuitBreaker breaker) {}

    /** A load that was let in. Must end, or be declared unused, exactly once; any thread may say before that it failed. */
    final class Pass {
        private final Gates gates;
        private final AtomicBoolean judged = new AtomicBoolean();
        private final long since = ticker.read();

        private Pass(Gates gates) {
            this.gates = gates;
        }

        /** The load has ended; null for a success. */
        void end(@Nullable Throwable failure) {
            if (gates.bulkhead != null) {
                gates.bulkhead.onComplete();
            }
            judge(failure);
        }

        /** It is known to have failed, though it has not ended: the turn stays taken, the breaker is told. */
        void failed(Throwable failure) {
            judge(failure);
        }

        /** The load was not begun. */
        void unused() {
            if (gates.bulkhead != null) {
                gates.bulkhead.releasePermission();
            }
            if (gates.breaker != null && judged.compareAndSet(false, true)) {
                gates.breaker.releasePermission();
            }
        }

        private void judge(@Nullable Throwable failure) {
            if (gates.breaker == null || !judged.compareAndSet(false, true)) {
                return;
            }
            long took = ticker.read() - since;
            if (failure == null) {
                gates.breaker.onSuccess(took, TimeUnit.NANOSECONDS);
            } else {
                gates.breaker.onError(took, TimeUnit.NANOSECONDS, failure);
            }
        }
    }

    /**
     * Lets a load in, or says why not.
     *
     * @param mayWait whether the calling thread may wait for its turn
     * @throws LoadRejectedException if it is not let in
     */
    Pass enter(TtlPolicy policy, Object key, boolean mayWait) {
        Gates now = gates(policy);
        if (now.breaker != null && !now.breaker.tryAcquirePermission()) {
            throw new LoadRejectedException(cache, key, Reason.BREAKER_OPEN);
        }
        if (now.bulkhead != null && !turn(now.bulkhead, mayWait)) {
            if (now.breaker != null) {
                now.breaker.releasePermission();
            }
            throw new LoadRejectedException(cache, key, Reason.TOO_MANY_LOADS);
        }
        return new Pass(now);
    }

    private static boolean turn(Bulkhead bulkhead, boolean mayWait) {
        return (mayWait || bulkhead.getMetrics().getAvailableConcurrentCalls() > 0) && bulkhead.tryAcquirePermission();
    }

    private Gates gates(TtlPolicy policy) {
        Gates now = gates;
        return fits(now, policy) ? now : renewed(policy);
    }

    private static boolean fits(Gates gates, TtlPolicy policy) {
        return gates.loads == policy.maxConcurrentLoads()
                && (gates.loads == 0 || gates.turnWait.equals(policy.loadWait()))
                && Objects.equals(gates.settings, policy.loadBreaker());
    }

    private synchronized Gates renewed(TtlPolicy policy) {
        Gates old = gates;
        if (fits(old, policy)) {
            return old;
        }
        boolean sameLoads = old.loads == policy.maxConcurrentLoads() && old.turnWait.equals(policy.loadWait());
        boolean sameBreaker = Objects.equals(old.settings, policy.loadBreaker());
        gates = new Gates(
                policy.maxConcurrentLoads(),
                policy.loadWait(),
                policy.loadBreaker(),
                sameLoads ? old.bulkhead : bulkhead(policy),
                sameBreaker ? old.breaker : breaker(policy.loadBreaker()));
        return gates;
    }

    private @Nullable Bulkhead bulkhead(TtlPolicy policy) {
        if (policy.maxConcurrentLoads() == 0) {
            return null;
        }
        return Bulkhead.of(
                cache,
                BulkheadConfig.custom()
                        .maxConcurrentCalls(policy.maxConcurrentLoads())
                        .maxWaitDuration(policy.loadWait())
                        .build());
    }

    private @Nullable CircuitBreaker breaker(@Nullable LoadBreaker settings) {
        if (settings == null) {
            return null;
        }
        return CircuitBreaker.of(
                cache,
                CircuitBreakerConfig.custom()
                        .failureRateThreshold((float) (100 * settings.failureShare()))
                        .slidingWindowSize(settings.calls())
                        .minimumNumberOfCalls(settings.calls())
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .waitDurationInOpenState(settings.openFor())
                        .clock(new TickerClock(ticker))
                        .build());
    }

    /** Elapsed time in the guise the breaker wants; its zero means nothing. */
    private static final class TickerClock extends Clock {
        private final Ticker ticker;

        TickerClock(Ticker ticker) {
            this.ticker = ticker;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochSecond(0, ticker.read());
        }
    }
}
