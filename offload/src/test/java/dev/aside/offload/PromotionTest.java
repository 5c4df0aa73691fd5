package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.job.JobId;
import dev.aside.offload.job.JobState;
import dev.aside.offload.memory.InMemoryJobStore;
import dev.aside.offload.spi.CancelAnswer;
import dev.aside.offload.testing.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PromotionTest {
    private final ManualTime time = new ManualTime();
    private final InMemoryJobStore store = InMemoryJobStore.builder().time(time).build();
    private final OffloadExecutor offload = OffloadExecutor.builder()
            .time(time)
            .store(store)
            .workers(4)
            .drain(Duration.ZERO)
            .type("single", type -> type.maxConcurrent(1).maxBacklog(1))
            .type(
                    "impatient",
                    type -> type.onWaitTimeout(OnWaitTimeout.CANCEL).cancellation(Duration.ZERO, Duration.ofSeconds(1)))
            .build();
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void close() {
        gate.countDown();
        offload.close();
    }

    private String gated(JobContext context) throws InterruptedException {
        gate.await();
        return "late";
    }

    private JobHandle<String> promoted(String type) throws Exception {
        Callers.Caller<Outcome<String>> caller = Callers.start(() -> offload.call(type, this::gated));
        Callers.awaitParked(time, 1);
        time.advance(Duration.ofMillis(200));
        return caller.get().fold(done -> null, job -> job);
    }

    @Test
    void call_fastTask_isDoneAndNeverInStore() {
        Outcome<String> outcome = offload.call("fast", ctx -> "value");

        assertThat(outcome).isEqualTo(new Outcome.Done<>("value"));
        assertThat(outcome.<String>fold(value -> value, JobHandle::id)).isEqualTo("value");
        assertThat(store.size()).isZero();
    }

    @Test
    void call_nullResult_isDoneWithNull() {
        Outcome<String> outcome = offload.call("fast", ctx -> null);

        assertThat(outcome).isEqualTo(new Outcome.Done<>(null));
    }

    @Test
    void call_checkedException_reachesCallerUnchanged() {
        IOException thrown = new IOException("disk");

        assertThatThrownBy(() -> offload.call("fast", ctx -> {
                    throw thrown;
                }))
                .isSameAs(thrown);
        assertThat(store.size()).isZero();
    }

    @Test
    void call_error_reachesCallerUnchanged() {
        StackOverflowError thrown = new StackOverflowError();

        assertThatThrownBy(() -> offload.call("fast", ctx -> {
                    throw thrown;
                }))
                .isSameAs(thrown);
    }

    @Test
    void call_slowTask_isPromotedAtThresholdAndFound() throws Exception {
        Callers.Caller<Outcome<String>> caller = Callers.start(() -> offload.call("slow", this::gated));
        Callers.awaitParked(time, 1);
        time.advance(Duration.ofMillis(199));
        assertThat(caller.answer()).isNotDone();
        time.advance(Duration.ofMillis(1));

        JobHandle<String> job = caller.get().fold(done -> null, handle -> handle);

        assertThat(JobId.isValid(job.id())).isTrue();
        JobSnapshot running = offload.find(job.id()).orElseThrow();
        assertThat(running.state()).isEqualTo(JobState.RUNNING);
        assertThat(running.type()).isEqualTo("slow");
        assertThat(running.record().createdAt()).isEqualTo(time.instant().minusMillis(200));

        gate.countDown();
        assertThat(job.await(Duration.ofSeconds(5))).isTrue();
        assertThat(job.result()).isEqualTo("late");
        JobSnapshot done = offload.find(job.id()).orElseThrow();
        assertThat(done.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(done.result(String.class)).isEqualTo("late");
    }

    @Test
    void call_stillQueuedAtThreshold_isPromotedAsQueued() throws Exception {
        JobHandle<String> first = promoted("single");
        JobHandle<String> second = promoted("single");

        assertThat(offload.find(first.id()).orElseThrow().state()).isEqualTo(JobState.RUNNING);
        assertThat(offload.find(second.id()).orElseThrow().state()).isEqualTo(JobState.QUEUED);
        gate.countDown();
        assertThat(second.await(Duration.ofSeconds(5))).isTrue();
        assertThat(second.result()).isEqualTo("late");
    }

    @Test
    void call_backlogFull_isRejectedWithRetryHint() throws Exception {
        promoted("single");
        promoted("single");

        assertThatThrownBy(() -> offload.call("single", ctx -> "never"))
                .isInstanceOfSatisfying(BacklogFullException.class, full -> {
                    assertThat(full.type()).isEqualTo("single");
                    assertThat(full.retryAfter()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(30));
                })
                .hasMessageContaining("job type single has 1 waiting, no room for more");
    }

    @Test
    void call_taskFailsAfterPromotion_isFailedWithProblem() throws Exception {
        Callers.Caller<Outcome<String>> caller = Callers.start(() -> offload.call("slow", ctx -> {
            gate.await();
            throw new IOException("secret path");
        }));
        Callers.awaitParked(time, 1);
        time.advance(Duration.ofMillis(200));
        JobHandle<String> job = caller.get().fold(done -> null, handle -> handle);
        gate.countDown();
        assertThat(job.await(Duration.ofSeconds(5))).isTrue();

        JobSnapshot failed = offload.find(job.id()).orElseThrow();
        assertThat(failed.state()).isEqualTo(JobState.FAILED);
        assertThat(failed.problem().orElseThrow().type()).isEqualTo("urn:offload:job-failed");
        assertThat(failed.problem().orElseThrow().toString()).doesNotContain("secret path");
        assertThat(failed.record().error()).isEqualTo("java.io.IOException: secret path");
        assertThatThrownBy(() -> failed.result(String.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is FAILED and has no result");
        assertThatThrownBy(job::result)
                .isInstanceOf(JobFailedException.class)
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining(job.id());
    }

    @Test
    void progress_beforeAndAfterPromotion_isFound() throws Exception {
        CountDownLatch reported = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        Callers.Caller<Outcome<String>> caller = Callers.start(() -> offload.call("slow", ctx -> {
            ctx.progress(1, 10);
            reported.countDown();
            second.await();
            ctx.progress(4, 10, "page 4");
            gate.await();
            return "late";
        }));
        reported.await();
        Callers.awaitParked(time, 1);
        time.advance(Duration.ofMillis(200));
        String id = caller.get().fold(done -> null, JobHandle::id);
        assertThat(offload.find(id).orElseThrow().progress().done()).isEqualTo(1);
        long version = offload.find(id).orElseThrow().record().version();

        second.countDown();
        await().until(() -> offload.find(id).orElseThrow().progress().done() == 4);
        assertThat(offload.find(id).orElseThrow().progress().message()).isEqualTo("page 4");
        assertThat(offload.find(id).orElseThrow().record().version()).isGreaterThan(version);
    }

    @Test
    void find_unknownId_isEmptyNotPending() {
        assertThat(offload.find(JobId.next(time.instant(), 3))).isEmpty();
        assertThat(offload.find("no such thing")).isEmpty();
        assertThat(offload.find("")).isEmpty();
    }

    @Test
    void call_onWaitTimeoutCancel_throwsAndStopsTask() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        Callers.Caller<Outcome<String>> caller = Callers.start(() -> offload.call("impatient", ctx -> {
            try {
                gate.await();
                return "never";
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        }));
        Callers.awaitParked(time, 1);
        time.advance(Duration.ofMillis(200));

        assertThat(caller.failure())
                .isInstanceOf(WaitExceededException.class)
                .hasMessageContaining("a call of job type impatient was not done within 200 ms");
        interrupted.await();
        assertThat(store.size()).isZero();
    }

    @Test
    void call_callerInterrupted_isPromotedAtOnceWithFlagSet() throws Exception {
        AtomicBoolean flag = new AtomicBoolean();
        Callers.Caller<Outcome<String>> caller = Callers.start(() -> {
            Outcome<String> outcome = offload.call("slow", this::gated);
            flag.set(Thread.currentThread().isInterrupted());
            return outcome;
        });
        Callers.awaitParked(time, 1);
        caller.thread().interrupt();

        assertThat(caller.get()).isInstanceOf(Outcome.Promoted.class);
        assertThat(flag).isTrue();
    }

    @Test
    void cancel_unknownId_isGone() {
        assertThat(offload.cancel("nonsense", "test")).isEqualTo(CancelAnswer.GONE);
    }
}
