package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.job.JobKind;
import dev.aside.offload.job.JobPriority;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.memory.InMemoryJobStore;
import dev.aside.offload.testing.ManualTime;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.RetryConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls of named work: two executors on one store that keeps bytes stand for two processes. */
@Timeout(30)
class NamedCallTest {
    private static final JobType<String, String> REPORT =
            JobType.of("report", String.class, String.class).version(3);
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final ManualTime time = new ManualTime();
    private final InMemoryJobStore store =
            InMemoryJobStore.builder().time(time).lease(Duration.ofSeconds(30)).build();
    private final TextCodec codec = new TextCodec();
    private final List<OffloadExecutor> nodes = new ArrayList<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final AtomicInteger runs = new AtomicInteger();

    private OffloadExecutor node() {
        return node(4);
    }

    private OffloadExecutor node(int workers) {
        OffloadExecutor node = OffloadExecutor.builder()
                .time(time)
                .store(store)
                .codec(codec)
                .workers(workers)
                .drain(Duration.ZERO)
                .type(
                        "report",
                        type -> type.maxConcurrent(workers)
                                .retry(RetryConfig.custom()
                                        .maxAttempts(2)
                                        .intervalFunction(IntervalFunction.of(PAUSE))
                                        .build()))
                .build();
        nodes.add(node);
        return node;
    }

    @AfterEach
    void close() {
        gate.countDown();
        nodes.forEach(OffloadExecutor::close);
    }

    private String rendered(String month) throws InterruptedException {
        runs.incrementAndGet();
        gate.await();
        return "sales of " + month;
    }

    /** Calls, and lets the threshold pass. */
    private JobHandle<String> promoted(OffloadExecutor node, CallOptions options) throws Exception {
        Callers.Caller<Outcome<String>> caller = Callers.start(() -> node.jobs().call(REPORT, "May", options));
        Callers.awaitParked(time, 1);
        time.advance(Duration.ofMillis(200));
        return job(caller.get());
    }

    private static JobHandle<String> job(Outcome<String> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Promoted.class);
        return ((Outcome.Promoted<String>) outcome).job();
    }

    private JobRecord record(JobHandle<?> job) {
        return job.status().record();
    }

    @Test
    void doneInTime_isAnswered_andNothingTouchesTheStore() throws Exception {
        OffloadExecutor node = node();
        node.jobs().handle(REPORT, (month, ctx) -> "sales of " + month + ", attempt " + ctx.attempt());
        assertThat(node.jobs().call(REPORT, "May")).isEqualTo(new Outcome.Done<>("sales of May, attempt 1"));
        assertThat(store.size()).isZero();
        assertThat(codec.encoded).hasValue(0);
    }

    @Test
    void failedInTime_throwsWhatTheHandlerThrew() {
        OffloadExecutor node =
                OffloadExecutor.builder().store(store).codec(codec).time(time).build();
        nodes.add(node);
        IOException thrown = new IOException("disk");
        node.jobs().handle(REPORT, (month, ctx) -> {
            throw thrown;
        });
        assertThatThrownBy(() -> node.jobs().call(REPORT, "May")).isSameAs(thrown);
        CompletionStage<Outcome<String>> answer = node.jobs().callAsync(REPORT, "May", CallOptions.none());
        assertThatThrownBy(() -> answer.toCompletableFuture().get()).cause().isSameAs(thrown);
        assertThat(store.size()).isZero();
        assertThat(node.jobs().dead(REPORT, 5)).isEmpty();
    }

    @Test
    void slow_becomesANamedJob_heldByItsProcess() throws Exception {
        OffloadExecutor node = node();
        node.jobs().handle(REPORT, (month, ctx) -> rendered(month));
        JobHandle<String> job =
                promoted(node, CallOptions.builder().priority(JobPriority.HIGH).build());
        JobRecord record = record(job);
        assertThat(record.kind()).isEqualTo(JobKind.NAMED);
        assertThat(record.state()).isEqualTo(JobState.RUNNING);
        assertThat(record.node()).isEqualTo(node.engine.node);
        assertThat(record.typeVersion()).isEqualTo(3);
        assertThat(record.attempts()).isEqualTo(1);
        assertThat(record.priority()).isEqualTo(JobPriority.HIGH);

        OffloadExecutor other = node();
        other.jobs().handle(REPORT, (month, ctx) -> rendered(month));
        for (int i = 0; i < 10; i++) {
            time.advance(Duration.ofSeconds(10)); // its beats keep the lease
        }
        gate.countDown();
        assertThat(job.await(Duration.ofSeconds(20))).isTrue();
        assertThat(job.result()).isEqualTo("sales of May");
        assertThat(job.completion().toCompletableFuture().get()).isEqualTo("sales of May");
        assertThat(runs).hasValue(1);
        assertThat(record(job).attempts()).isEqualTo(1);
        assertThat(other.jobs().find(REPORT, job.id()).orElseThrow().result()).isEqualTo("sales of May");
    }

    @Test
    void async_isTheSame() throws Exception {
        OffloadExecutor node = node();
        node.jobs().handle(REPORT, (month, ctx) -> rendered(month));
        CompletionStage<Outcome<String>> answer = node.jobs().callAsync(REPORT, "May", CallOptions.none());
        await().until(() -> runs.get() == 1);
        time.advance(Duration.ofMillis(200));
        JobHandle<String> job = job(answer.toCompletableFuture().get());
        assertThat(record(job).kind()).isEqualTo(JobKind.NAMED);
        gate.countDown();
        assertThat(job.await(Duration.ofSeconds(20))).isTrue();
        assertThat(job.result()).isEqualTo("sales of May");
        assertThat(node.jobs()
                        .callAsync(REPORT, "June", CallOptions.none())
                        .toCompletableFuture()
                        .get())
                .isEqualTo(new Outcome.Done<>("sales of June"));
    }

    @Test
    void ownerLost_anotherDoesItAgain_andTheZombieIsFenced() throws Exception {
        OffloadExecutor zombie = node(1);
        List<Long> tokens = new ArrayList<>();
        zombie.jobs().handle(REPORT, (month, ctx) -> {
            tokens.add(ctx.fencingToken());
            return rendered(month) + " by the zombie";
        });
        JobHandle<String> job = promoted(zombie, CallOptions.none());
        time.pause(Duration.ofSeconds(31)); // its beats stop
        OffloadExecutor heir = node();
        heir.jobs().handle(REPORT, (month, ctx) -> {
            tokens.add(ctx.fencingToken());
            return month + " by the heir, attempt " + ctx.attempt();
        });
        store.tick().toCompletableFuture().join();
        assertThat(job.await(Duration.ofSeconds(20))).isTrue();
        gate.countDown();
        await().until(() -> zombie.load().unfinished() == 0);
        assertThat(job.result()).isEqualTo("May by the heir, attempt 2");
        assertThat(record(job).crashes()).isEqualTo(1);
        assertThat(tokens).hasSize(2).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void failureAfterPromotion_isRetriedByAnybody_thenDead_thenRunAgain() throws Exception {
        OffloadExecutor node = node();
        node.jobs().handle(REPORT, (month, ctx) -> {
            rendered(month);
            if (runs.get() < 3) {
                throw new IOException("disk");
            }
            return "sales of " + month;
        });
        JobHandle<String> job = promoted(node, CallOptions.none());
        gate.countDown();
        await().until(() -> record(job).state() == JobState.SCHEDULED);
        assertThat(record(job).failures()).isEqualTo(1);
        assertThat(node.load().unfinished()).as("nothing is kept here").isZero();
        time.advance(PAUSE);
        await().until(() -> record(job).state() == JobState.FAILED);
        assertThat(record(job).attempts()).isEqualTo(2);
        assertThat(record(job).error()).isEqualTo("java.io.IOException: disk");
        assertThat(node.jobs().dead(REPORT, 5)).extracting(JobSnapshot::id).containsExactly(job.id());
        assertThatThrownBy(job::result).isInstanceOf(JobFailedException.class);

        assertThat(node.jobs().rerun(job.id())).isTrue();
        assertThat(job.await(Duration.ofSeconds(20))).isTrue();
        assertThat(job.result()).isEqualTo("sales of May");
    }

    @Test
    void failureBeforePromotion_isScheduledInTheStore_asSoonAsSomebodyHasTheId() throws Exception {
        OffloadExecutor node = node(1);
        node.jobs().handle(REPORT, (month, ctx) -> {
            runs.incrementAndGet();
            throw new IOException("disk");
        });
        Callers.Caller<Outcome<String>> caller = Callers.start(() -> node.jobs().call(REPORT, "May"));
        await().until(() -> runs.get() == 1 && node.load().running() == 0);
        Callers.awaitParked(time, 1);
        assertThat(store.size()).as("it waits here, as a closure does").isZero();
        time.advance(Duration.ofMillis(200));
        JobHandle<String> job = job(caller.get());
        JobRecord waiting = record(job);
        assertThat(waiting.state()).isEqualTo(JobState.SCHEDULED);
        assertThat(waiting.failures()).isEqualTo(1);
        assertThat(waiting.attempts()).isEqualTo(1);
        assertThat(Duration.between(time.instant(), waiting.dueAt())).isEqualTo(PAUSE.minus(Duration.ofMillis(200)));
        assertThat(node.load().unfinished()).isZero();
        node.close();

        OffloadExecutor other = node();
        other.jobs().handle(REPORT, (month, ctx) -> month + ", attempt " + ctx.attempt());
        time.advance(PAUSE);
        JobHandle<String> same = other.jobs().find(REPORT, job.id()).orElseThrow();
        assertThat(same.await(Duration.ofSeconds(20))).isTrue();
        assertThat(same.result()).isEqualTo("May, attempt 2");
    }

    @Test
    void stillWaitingForAWorker_isHeldToo() throws Exception {
        OffloadExecutor node = node(1);
        node.jobs().handle(REPORT, (month, ctx) -> rendered(month));
        JobHandle<String> first = promoted(node, CallOptions.none());
        JobHandle<String> second = promoted(node, CallOptions.none());
        assertThat(record(second).state()).isEqualTo(JobState.RUNNING);
        assertThat(record(second).attempts()).isEqualTo(1);
        assertThat(runs).hasValue(1);
        gate.countDown();
        assertThat(first.await(Duration.ofSeconds(20))).isTrue();
        assertThat(second.await(Duration.ofSeconds(20))).isTrue();
        assertThat(second.result()).isEqualTo("sales of May");
        assertThat(record(second).attempts()).isEqualTo(1);
    }

    @Test
    void cancel_reachesTheHandler() throws Exception {
        OffloadExecutor node = node();
        node.jobs().handle(REPORT, (month, ctx) -> {
            while (true) {
                ctx.throwIfCancelled();
                Thread.onSpinWait();
            }
        });
        JobHandle<String> job = promoted(node, CallOptions.none());
        job.cancel("not needed");
        assertThat(job.await(Duration.ofSeconds(20))).isTrue();
        assertThat(job.status().state()).isEqualTo(JobState.CANCELLED);
        assertThat(node.jobs().dead(REPORT, 5)).isEmpty();
    }

    @Test
    void drain_handsItBackUntried_andAnotherDoesIt() throws Exception {
        OffloadExecutor node = node();
        node.jobs().handle(REPORT, (month, ctx) -> {
            while (true) {
                ctx.throwIfCancelled();
                Thread.onSpinWait();
            }
        });
        JobHandle<String> job = promoted(node, CallOptions.none());
        node.close();
        JobRecord released = store.find(job.id()).toCompletableFuture().get().orElseThrow();
        assertThat(released.state()).isEqualTo(JobState.QUEUED);
        assertThat(released.attempts()).isZero();
        assertThat(released.failures()).isZero();
        OffloadExecutor other = node();
        other.jobs().handle(REPORT, (month, ctx) -> "sales of " + month);
        JobHandle<String> same = other.jobs().find(REPORT, job.id()).orElseThrow();
        assertThat(same.await(Duration.ofSeconds(20))).isTrue();
        assertThat(same.result()).isEqualTo("sales of May");
    }

    @Test
    void coalescedCaller_ofWorkThatWentBackToTheStore_getsTheJob() throws Exception {
        OffloadExecutor node = node();
        node.jobs().handle(REPORT, (month, ctx) -> {
            rendered(month);
            throw new IOException("disk");
        });
        CallOptions same = CallOptions.builder().coalesceBy("May").build();
        CallOptions patient = CallOptions.builder()
                .coalesceBy("May")
                .threshold(Duration.ofSeconds(20))
                .build();
        CallOptions jobless = CallOptions.builder()
                .coalesceBy("May")
                .threshold(Duration.ofSeconds(20))
                .onWaitTimeout(OnWaitTimeout.CANCEL)
                .build();
        CompletionStage<Outcome<String>> first = node.jobs().callAsync(REPORT, "May", same);
        CompletionStage<Outcome<String>> second = node.jobs().callAsync(REPORT, "May", patient);
        CompletionStage<Outcome<String>> third = node.jobs().callAsync(REPORT, "May", jobless);
        await().until(() -> runs.get() == 1);
        time.advance(Duration.ofMillis(200));
        JobHandle<String> job = job(first.toCompletableFuture().get());
        gate.countDown();
        assertThat(job(second.toCompletableFuture().get()).id()).isEqualTo(job.id());
        assertThatThrownBy(() -> third.toCompletableFuture().get()).hasCauseInstanceOf(WaitExceededException.class);
        assertThat(record(job).state()).isEqualTo(JobState.SCHEDULED);
    }
}
