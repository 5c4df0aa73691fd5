package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.job.JobState;
import dev.aside.offload.testing.ManualTime;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.retry.RetryConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Attempts: repeated, limited in time, held back by breaker and limiter. */
@Timeout(30)
class RetryTest {
    private final ManualTime time = new ManualTime();
    private final CircuitBreaker breaker = CircuitBreaker.of(
            "breaker",
            CircuitBreakerConfig.custom()
                    .slidingWindowSize(2)
                    .minimumNumberOfCalls(2)
                    .permittedNumberOfCallsInHalfOpenState(1)
                    .build());
    private final RateLimiter limiter = RateLimiter.of(
            "limiter",
            RateLimiterConfig.custom()
                    .limitForPeriod(1)
                    .limitRefreshPeriod(Duration.ofHours(1))
                    .timeoutDuration(Duration.ZERO)
                    .build());
    private final ConcurrentLinkedQueue<OffloadEvent> events = new ConcurrentLinkedQueue<>();
    private final OffloadExecutor offload = OffloadExecutor.builder()
            .time(time)
            .workers(4)
            .threshold(Duration.ZERO)
            .drain(Duration.ZERO)
            .listener(events::add)
            .type(
                    "stubborn",
                    type -> type.retry(RetryConfig.custom()
                            .maxAttempts(3)
                            .intervalFunction(IntervalFunction.of(Duration.ofSeconds(10)))
                            .retryOnException(thrown -> !(thrown instanceof IllegalArgumentException))
                            .build()))
            .type(
                    "limited",
                    type -> type.timeLimit(Duration.ofSeconds(3)).cancellation(Duration.ZERO, Duration.ofSeconds(9)))
            .type("guarded", type -> type.circuitBreaker(breaker).maxConcurrent(1))
            .type("paced", type -> type.rateLimiter(limiter))
            .build();

    @AfterEach
    void close() {
        offload.close();
    }

    private <T> JobHandle<T> start(String type, JobTask<T, ?> task) {
        CountDownLatch handedOut = new CountDownLatch(1);
        JobTask<T, Exception> patient = ctx -> {
            handedOut.await();
            return task.run(ctx);
        };
        try {
            return offload.call(type, patient).fold(done -> null, job -> job);
        } catch (Exception e) {
            throw new AssertionError("not promoted", e);
        } finally {
            handedOut.countDown();
        }
    }

    private JobSnapshot found(JobHandle<?> job) {
        return offload.find(job.id()).orElseThrow();
    }

    @Test
    void failedAttempt_isScheduledAgain_withoutAThread() throws Exception {
        List<Integer> attempts = new ArrayList<>();
        JobHandle<String> job = start("stubborn", ctx -> {
            attempts.add(ctx.attempt());
            if (ctx.attempt() < 3) {
                throw new IOException("not yet");
            }
            return "third time";
        });
        for (int failures = 1; failures <= 2; failures++) {
            int expected = failures;
            await().until(() ->
                    found(job).record().failures() == expected && found(job).state() == JobState.SCHEDULED);
            assertThat(found(job).record().dueAt()).isEqualTo(time.instant().plusSeconds(10));
            assertThat(offload.load()).isEqualTo(new OffloadLoad(0, 0, 1));
            time.advance(Duration.ofSeconds(10));
        }
        assertThat(job.await(Duration.ofSeconds(5))).isTrue();
        assertThat(job.result()).isEqualTo("third time");
        assertThat(found(job).record().attempts()).isEqualTo(3);
        assertThat(attempts).containsExactly(1, 2, 3);
        assertThat(events)
                .filteredOn(OffloadEvent.AttemptFailed.class::isInstance)
                .hasSize(2);
    }

    @Test
    void attemptsUsedUp_isFailed() throws Exception {
        JobHandle<String> job = start("stubborn", ctx -> {
            throw new IOException("never");
        });
        await().until(() -> {
            time.advance(Duration.ofSeconds(1));
            return found(job).isFinished();
        });
        assertThat(found(job).state()).isEqualTo(JobState.FAILED);
        assertThat(found(job).record().attempts()).isEqualTo(3);
    }

    @Test
    void exceptionNotWorthIt_isNotRepeated() throws Exception {
        JobHandle<String> job = start("stubborn", ctx -> {
            throw new IllegalArgumentException("bad input");
        });
        assertThat(job.await(Duration.ofSeconds(5))).isTrue();
        assertThat(found(job).record().attempts()).isEqualTo(1);
    }

    private static final class Busy extends IOException implements RetryAfter {
        private static final long serialVersionUID = 1;

        @Override
        public Duration retryAfter() {
            return Duration.ofSeconds(42);
        }
    }

    @Test
    void causeKnowsWhenToRetry_pauseIsAtLeastThat() throws Exception {
        JobHandle<String> job = start("stubborn", ctx -> {
            if (ctx.attempt() == 1) {
                throw new IllegalStateException(new Busy());
            }
            return "ok";
        });
        await().until(() -> found(job).state() == JobState.SCHEDULED);
        assertThat(found(job).record().dueAt()).isEqualTo(time.instant().plusSeconds(42));
        time.advance(Duration.ofSeconds(42));
        assertThat(job.await(Duration.ofSeconds(5))).isTrue();
        assertThat(job.result()).isEqualTo("ok");
    }

    @Test
    void cancelBetweenAttempts_endsAtOnce() throws Exception {
        JobHandle<String> job = start("stubborn", ctx -> {
            throw new IOException("again");
        });
        await().until(() -> found(job).state() == JobState.SCHEDULED);
        job.cancel("enough");
        assertThat(found(job).state()).isEqualTo(JobState.CANCELLED);
        assertThat(offload.load().unfinished()).isZero();
        await().until(() -> time.timers() == 1); // that of the idle workers
    }

    @Test
    void ownPauses_growWithJitterToTheirCap() {
        RetryConfig config = RetryPlan.exponential(100);
        for (int failures = 1; failures < 40; failures++) {
            long full = Math.min(3_600_000, 2_000L << Math.min(failures - 1, 20));
            long pause = config.<Object>getIntervalBiFunction().apply(failures, null);
            assertThat(pause).isCloseTo(full * 3 / 4, within(full / 4 + 1));
        }
    }

    @Test
    void timeLimitOver_isFailedWithItsProblem() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        JobHandle<String> job = start("limited", ctx -> {
            started.countDown();
            new CountDownLatch(1).await();
            return "never";
        });
        started.await();
        await().until(() -> time.timers() > 0);
        time.advance(Duration.ofSeconds(3));
        assertThat(job.await(Duration.ofSeconds(5))).isTrue();
        assertThat(found(job).state()).isEqualTo(JobState.FAILED);
        assertThat(found(job).problem().orElseThrow().type()).isEqualTo("urn:offload:job-timeout");
        assertThat(found(job).problem().orElseThrow().detail()).isEqualTo("limit 3000 ms");
        assertThatThrownBy(job::result).hasCauseInstanceOf(JobTimeoutException.class);
        await().until(() -> time.timers() == 1); // that of the idle workers
    }

    @Test
    void breakerOpen_jobWaits_noAttemptSpent() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        for (int i = 0; i < 2; i++) {
            JobHandle<String> failing = start("guarded", ctx -> {
                throw new IOException("down");
            });
            assertThat(failing.await(Duration.ofSeconds(5))).isTrue();
        }
        assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.OPEN);

        JobHandle<Integer> waiting = start("guarded", ctx -> runs.incrementAndGet());
        await().until(() -> offload.load().equals(new OffloadLoad(1, 0, 1)));
        time.advance(Duration.ofSeconds(5));
        await().until(() -> offload.load().equals(new OffloadLoad(1, 0, 1)));
        assertThat(found(waiting).state()).isEqualTo(JobState.QUEUED);
        assertThat(found(waiting).record().attempts()).isZero();
        assertThat(start("other", ctx -> "not concerned").await(Duration.ofSeconds(5)))
                .isTrue();

        breaker.transitionToHalfOpenState();
        assertThat(waiting.await(Duration.ofSeconds(5))).isTrue();
        assertThat(runs).hasValue(1);
        assertThat(found(waiting).record().attempts()).isEqualTo(1);
    }

    @Test
    void breakerOpen_cancelledWhileWaiting_isCancelled() throws Exception {
        breaker.transitionToOpenState();
        JobHandle<String> waiting = start("guarded", ctx -> "never");
        await().until(() -> offload.load().equals(new OffloadLoad(1, 0, 1)));
        waiting.cancel("enough");
        assertThat(found(waiting).state()).isEqualTo(JobState.CANCELLED);
        assertThat(offload.load().unfinished()).isZero();
    }

    @Test
    void rateLimitReached_jobWaitsForItsTurn() throws Exception {
        JobHandle<String> first = start("paced", ctx -> "first");
        assertThat(first.await(Duration.ofSeconds(5))).isTrue();
        JobHandle<String> second = start("paced", ctx -> "second");
        await().until(() -> offload.load().equals(new OffloadLoad(1, 0, 1)));
        assertThat(found(second).state()).isEqualTo(JobState.QUEUED);

        time.advance(Duration.ofHours(1)); // of ours; the limiter has a clock of its own and still refuses
        await().until(() -> offload.load().equals(new OffloadLoad(1, 0, 1)));
        assertThat(found(second).record().attempts()).isZero();
        await().until(() -> time.timers() == 2); // its next try, and that of the idle workers
    }
}
