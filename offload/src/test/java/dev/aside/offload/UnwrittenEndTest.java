package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.memory.InMemoryJobStore;
import dev.aside.offload.spi.JobEnd;
import dev.aside.offload.spi.JobSignals;
import dev.aside.offload.spi.Owner;
import dev.aside.offload.spi.WriteAnswer;
import dev.aside.offload.testing.ForwardingJobStore;
import dev.aside.offload.testing.ManualTime;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work is done and the store does not take its end: the result is in hand, the job is still held. */
@Timeout(30)
class UnwrittenEndTest {
    private static final JobType<String, String> MAIL = JobType.of("mail", String.class, String.class);
    private static final CallOptions KEY =
            CallOptions.builder().idempotencyKey("k", "f").build();

    private final ManualTime time = new ManualTime();
    private final InMemoryJobStore memory =
            InMemoryJobStore.builder().time(time).lease(Duration.ofSeconds(30)).build();
    private final Reluctant store = new Reluctant();
    private final OffloadExecutor offload = OffloadExecutor.builder()
            .time(time)
            .store(store)
            .drain(Duration.ZERO)
            .type(
                    "mail",
                    type -> type.retry(RetryConfig.custom()
                            .maxAttempts(2)
                            .intervalFunction(IntervalFunction.of(Duration.ofMinutes(1)))
                            .build()))
            .build();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final AtomicInteger runs = new AtomicInteger();

    @AfterEach
    void close() {
        gate.countDown();
        store.takesEnds = true;
        store.signals.missed();
        offload.close();
    }

    private JobRecord record(String id) {
        return memory.find(id).toCompletableFuture().join().orElseThrow();
    }

    private void beatFor(Duration duration) {
        for (long second = 0; second < duration.toSeconds(); second++) {
            time.advance(Duration.ofSeconds(1));
        }
    }

    private JobHandle<String> doneUnwritten() {
        offload.jobs().handle(MAIL, (mail, ctx) -> "run " + runs.incrementAndGet());
        JobHandle<String> job = offload.jobs().enqueue(MAIL, "a@b");
        await().until(() -> store.refused.get() == 1 && offload.load().unfinished() == 0);
        return job;
    }

    @Test
    void namedJob_isHeldUntilTheStoreHasItsEnd_andNotRunAgain() {
        JobHandle<String> job = doneUnwritten();
        beatFor(Duration.ofSeconds(90));
        assertThat(record(job.id()).state()).isEqualTo(JobState.RUNNING);
        assertThat(record(job.id()).crashes()).isZero();
        store.takesEnds = true;
        beatFor(Duration.ofSeconds(10));
        assertThat(record(job.id()).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(job.result()).isEqualTo("run 1");
        assertThat(runs).hasValue(1);
        assertThat(offload.engine.live).isEmpty();
    }

    @Test
    void failedAttempt_isHeldUntilTheStoreHasIt_andCountedOnce() {
        offload.jobs().handle(MAIL, (mail, ctx) -> {
            throw new IllegalStateException("smtp down");
        });
        JobHandle<String> job = offload.jobs().enqueue(MAIL, "a@b");
        await().until(() -> store.refused.get() == 1 && offload.load().unfinished() == 0);
        beatFor(Duration.ofSeconds(90));
        assertThat(record(job.id()).state()).isEqualTo(JobState.RUNNING);
        assertThat(record(job.id()).crashes()).isZero();
        store.takesEnds = true;
        store.signals.missed();
        assertThat(record(job.id()).state()).isEqualTo(JobState.SCHEDULED);
        assertThat(record(job.id()).failures()).isEqualTo(1);
        assertThat(record(job.id()).attempts()).isEqualTo(1);
    }

    @Test
    void storeIsBack_endIsWrittenAtOnce() {
        JobHandle<String> job = doneUnwritten();
        store.takesEnds = true;
        store.signals.missed();
        assertThat(record(job.id()).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void closure_isNotLost_andItsCallerHasTheResult_andSoHasTheSameCall() throws Exception {
        Callers.Caller<Outcome<Integer>> first =
                Callers.start(() -> offload.call("work", KEY, ctx -> runs.incrementAndGet()));
        assertThat(first.get()).isEqualTo(new Outcome.Done<>(1));
        beatFor(Duration.ofSeconds(90));
        assertThat(offload.call("work", KEY, ctx -> runs.incrementAndGet())).isEqualTo(new Outcome.Done<>(1, true));
        store.takesEnds = true;
        beatFor(Duration.ofSeconds(10));
        assertThat(offload.call("work", KEY, ctx -> runs.incrementAndGet()))
                .as("from the store")
                .isEqualTo(new Outcome.Done<>(1, true));
        assertThat(offload.engine.live).isEmpty();
    }

    @Test
    void close_waitsForTheRepeatedWrite() throws Exception {
        JobHandle<String> job = doneUnwritten();
        Callers.Caller<Optional<Void>> closer = closing();
        assertThat(closer.answer()).isNotDone();
        store.takesEnds = true;
        time.advance(Duration.ofMillis(100));
        closer.get();
        assertThat(record(job.id()).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void close_storeStaysAway_waitsItsTimeOnly() throws Exception {
        JobHandle<String> job = doneUnwritten();
        Callers.Caller<Optional<Void>> closer = closing();
        time.advance(Duration.ofSeconds(5));
        closer.get();
        assertThat(record(job.id()).state()).isEqualTo(JobState.RUNNING);
    }

    private Callers.Caller<Optional<Void>> closing() {
        Callers.Caller<Optional<Void>> closer = Callers.start(() -> {
            offload.close();
            return Optional.empty();
        });
        Callers.awaitParked(time, 1);
        return closer;
    }

    /** Hears everything, and takes ends when the test says so. */
    private final class Reluctant extends ForwardingJobStore {
        private final AtomicInteger refused = new AtomicInteger();
        private volatile boolean takesEnds;
        private volatile JobSignals signals;

        Reluctant() {
            super(memory);
        }

        @Override
        public CompletionStage<WriteAnswer> finish(String jobId, Owner owner, JobEnd end) {
            return takesEnds ? super.finish(jobId, owner, end) : away();
        }

        @Override
        public CompletionStage<WriteAnswer> retry(String jobId, Owner owner, Duration delay, String error) {
            return takesEnds ? super.retry(jobId, owner, delay, error) : away();
        }

        private CompletionStage<WriteAnswer> away() {
            refused.incrementAndGet();
            return CompletableFuture.failedFuture(new IllegalStateException("store away"));
        }

        @Override
        public Registration subscribe(JobSignals listener) {
            signals = listener;
            return super.subscribe(listener);
        }
    }
}
