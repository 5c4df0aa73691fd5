package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.memory.InMemoryJobStore;
import dev.aside.offload.spi.ClaimRequest;
import dev.aside.offload.spi.Claims;
import dev.aside.offload.spi.JobEnd;
import dev.aside.offload.spi.Owner;
import dev.aside.offload.spi.WriteAnswer;
import dev.aside.offload.testing.ForwardingJobStore;
import dev.aside.offload.testing.ManualTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ShutdownTest {
    private final ManualTime time = new ManualTime();
    private final InMemoryJobStore store = InMemoryJobStore.builder().time(time).build();
    private final OffloadExecutor offload = OffloadExecutor.builder()
            .time(time)
            .store(store)
            .workers(1)
            .threshold(Duration.ZERO)
            .build();
    private final CountDownLatch gate = new CountDownLatch(1);

    private JobHandle<Integer> gated() throws InterruptedException {
        return offload.call("work", ctx -> {
                    gate.await();
                    return 1;
                })
                .fold(done -> null, job -> job);
    }

    private JobState state(JobHandle<?> job) {
        return store.find(job.id())
                .toCompletableFuture()
                .join()
                .map(record -> record.state())
                .orElseThrow();
    }

    private Callers.Caller<Optional<Void>> closing() {
        Callers.Caller<Optional<Void>> closer = Callers.start(() -> {
            offload.close();
            return Optional.empty();
        });
        Callers.awaitParked(time, 1);
        return closer;
    }

    @Test
    void close_unfinishedWork_isDrainedWithItsQueue() throws Exception {
        JobHandle<Integer> running = gated();
        JobHandle<Integer> queued = gated();
        Callers.Caller<?> closer = closing();

        assertThatThrownBy(this::gated).isInstanceOf(ExecutorClosedException.class);
        gate.countDown();
        closer.get();
        assertThat(state(running)).isEqualTo(JobState.SUCCEEDED);
        assertThat(state(queued)).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void close_drainTimeOver_cancelsAndMarksLost() throws Exception {
        JobHandle<Integer> running = gated();
        JobHandle<Integer> queued = gated();
        Callers.Caller<?> closer = closing();

        time.advance(Duration.ofSeconds(20));
        await().until(() -> state(queued) == JobState.LOST);
        assertThat(state(running)).isEqualTo(JobState.RUNNING);
        Callers.awaitParked(time, 1);
        time.advance(Duration.ofSeconds(5)); // now the thread is interrupted
        closer.get();
        assertThat(state(running)).isEqualTo(JobState.LOST);
        assertThat(store.find(running.id())
                        .toCompletableFuture()
                        .join()
                        .orElseThrow()
                        .problem()
                        .retryable())
                .isTrue();
    }

    @Test
    void close_namedJobs_goBackToTheStore_atNoCost_andAnotherProcessDoesThem() throws Exception {
        JobType<String, String> mail = JobType.of("mail", String.class, String.class);
        AtomicInteger begun = new AtomicInteger();
        offload.jobs().handle(mail, (to, ctx) -> {
            begun.incrementAndGet();
            gate.await();
            return "never";
        });
        JobHandle<String> running = offload.jobs().enqueue(mail, "a@b");
        await().until(() -> begun.get() == 1);
        Callers.Caller<?> closer = closing();
        time.advance(Duration.ofSeconds(20)); // the wish to stop
        Callers.awaitParked(time, 1);
        time.advance(Duration.ofSeconds(5)); // the interrupt
        closer.get();

        JobRecord released =
                store.find(running.id()).toCompletableFuture().join().orElseThrow();
        assertThat(released.state()).isEqualTo(JobState.QUEUED);
        assertThat(released.attempts()).isZero();
        assertThat(released.failures()).isZero();
        assertThat(released.crashes()).isZero();
        try (OffloadExecutor other =
                OffloadExecutor.builder().time(time).store(store).build()) {
            other.jobs().handle(mail, (to, ctx) -> "attempt " + ctx.attempt() + " to " + to);
            JobHandle<String> again = other.jobs().find(mail, running.id()).orElseThrow();
            assertThat(again.await(Duration.ofSeconds(20))).isTrue();
            assertThat(again.result()).isEqualTo("attempt 1 to a@b");
        }
    }

    @Test
    void close_namedJobIgnoresEverything_isReleased_andItsLateEndRefused() throws Exception {
        JobType<String, String> mail = JobType.of("mail", String.class, String.class);
        AtomicBoolean begun = new AtomicBoolean();
        AtomicBoolean release = new AtomicBoolean();
        CountDownLatch over = new CountDownLatch(1);
        offload.jobs().handle(mail, (to, ctx) -> {
            begun.set(true);
            while (!release.get()) {
                Thread.onSpinWait();
            }
            over.countDown();
            return "zombie";
        });
        JobHandle<String> job = offload.jobs().enqueue(mail, "a@b");
        await().untilTrue(begun);
        Callers.Caller<?> closer = closing();
        await().until(() -> {
            time.advance(Duration.ofSeconds(1));
            return closer.answer().isDone();
        });
        assertThat(state(job)).isEqualTo(JobState.QUEUED);
        release.set(true);
        over.await();
        try (OffloadExecutor other =
                OffloadExecutor.builder().time(time).store(store).build()) {
            other.jobs().handle(mail, (to, ctx) -> "real");
            JobHandle<String> again = other.jobs().find(mail, job.id()).orElseThrow();
            assertThat(again.await(Duration.ofSeconds(20))).isTrue();
            assertThat(again.result()).isEqualTo("real");
        }
    }

    @Test
    void close_storeIsSlow_waitsUntilItKnows() throws Exception {
        CompletableFuture<WriteAnswer> written = new CompletableFuture<>();
        CountDownLatch writing = new CountDownLatch(1);
        ForwardingJobStore slow = new ForwardingJobStore(store) {
            @Override
            public CompletionStage<WriteAnswer> finish(String jobId, Owner owner, JobEnd end) {
                writing.countDown();
                return written.thenCompose(ignored -> super.finish(jobId, owner, end));
            }
        };
        OffloadExecutor closing = OffloadExecutor.builder()
                .time(time)
                .store(slow)
                .threshold(Duration.ZERO)
                .build();
        JobHandle<Integer> job = closing.call("work", ctx -> {
                    gate.await();
                    return 1;
                })
                .fold(done -> null, handle -> handle);
        gate.countDown();
        writing.await();
        await().until(() -> closing.load().unfinished() == 0);
        Callers.Caller<Optional<Void>> closer = Callers.start(() -> {
            closing.close();
            return Optional.empty();
        });
        Callers.awaitParked(time, 1);
        assertThat(closer.answer()).isNotDone();
        written.complete(WriteAnswer.OK);
        closer.get();
        assertThat(state(job)).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void close_claimUnderWay_givesItsJobsBackAtOnce_atNoCost() throws Exception {
        JobType<String, String> mail = JobType.of("mail", String.class, String.class);
        CompletableFuture<Boolean> arrived = new CompletableFuture<>();
        ForwardingJobStore slow = new ForwardingJobStore(store) {
            @Override
            public CompletionStage<Claims> claim(ClaimRequest request) {
                return super.claim(request).thenCompose(claims -> arrived.thenApply(yes -> claims));
            }
        };
        OffloadExecutor closing =
                OffloadExecutor.builder().time(time).store(slow).build();
        JobHandle<String> job = offload.jobs().enqueue(mail, "a@b");
        AtomicInteger begun = new AtomicInteger();
        closing.jobs().handle(mail, (to, ctx) -> "attempt " + begun.incrementAndGet());
        assertThat(state(job)).isEqualTo(JobState.RUNNING);
        Callers.Caller<Optional<Void>> closer = Callers.start(() -> {
            closing.close();
            return Optional.empty();
        });
        Callers.awaitParked(time, 1);
        arrived.complete(true);
        closer.get();

        JobRecord released = store.find(job.id()).toCompletableFuture().join().orElseThrow();
        assertThat(released.state()).isEqualTo(JobState.QUEUED);
        assertThat(released.attempts()).isZero();
        assertThat(begun).hasValue(0);
    }

    @Test
    void close_taskIgnoresEverything_returnsAndMarksLostDetached() throws Exception {
        AtomicBoolean release = new AtomicBoolean();
        JobHandle<Integer> stubborn = offload.call("work", ctx -> {
                    while (!release.get()) {
                        Thread.onSpinWait();
                    }
                    return 1;
                })
                .fold(done -> null, job -> job);
        Callers.Caller<?> closer = closing();
        await().until(() -> {
            time.advance(Duration.ofSeconds(1));
            return closer.answer().isDone();
        });
        closer.get();
        assertThat(state(stubborn)).isEqualTo(JobState.LOST);
        release.set(true);
    }
}
