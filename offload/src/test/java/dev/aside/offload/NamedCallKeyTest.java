package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.job.JobKind;
import dev.aside.offload.job.JobState;
import dev.aside.offload.memory.InMemoryJobStore;
import dev.aside.offload.testing.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls of named work with an idempotency key, and calls that cannot be. */
@Timeout(30)
class NamedCallKeyTest {
    private static final JobType<String, String> REPORT = JobType.of("report", String.class, String.class);

    private final ManualTime time = new ManualTime();
    private final InMemoryJobStore store = InMemoryJobStore.builder()
            .time(time)
            .maxBytes(64 << 10)
            .lease(Duration.ofSeconds(30))
            .build();
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
                .build();
        nodes.add(node);
        return node;
    }

    private OffloadExecutor handling() {
        OffloadExecutor node = node();
        node.jobs().handle(REPORT, (month, ctx) -> {
            runs.incrementAndGet();
            return "sales of " + month;
        });
        return node;
    }

    private OffloadExecutor waiting() {
        return waiting(4);
    }

    private OffloadExecutor waiting(int workers) {
        OffloadExecutor node = node(workers);
        node.jobs().handle(REPORT, (month, ctx) -> {
            runs.incrementAndGet();
            gate.await();
            return "sales of " + month;
        });
        return node;
    }

    @AfterEach
    void close() {
        gate.countDown();
        nodes.forEach(OffloadExecutor::close);
    }

    private static CallOptions key(String fingerprint) {
        return CallOptions.builder().idempotencyKey("k", fingerprint).build();
    }

    @Test
    void repeated_getsTheFirstAnswer_onEveryNode() throws Exception {
        OffloadExecutor node = handling();
        assertThat(node.jobs().call(REPORT, "May", key("f1"))).isEqualTo(new Outcome.Done<>("sales of May", false));
        assertThat(node.jobs().call(REPORT, "May", key("f1"))).isEqualTo(new Outcome.Done<>("sales of May", true));
        assertThat(handling().jobs().call(REPORT, "May", key("f1")))
                .as("read from its bytes")
                .isEqualTo(new Outcome.Done<>("sales of May", true));
        assertThat(runs).hasValue(1);
        assertThatThrownBy(() -> node.jobs().call(REPORT, "June", key("f2")))
                .isInstanceOf(IdempotencyKeyReusedException.class);
    }

    @Test
    void repeatedWhileItRuns_isTheSameJob() throws Exception {
        OffloadExecutor node = waiting();
        CompletionStage<Outcome<String>> first = node.jobs().callAsync(REPORT, "May", key("f1"));
        await().until(() -> runs.get() == 1);
        CompletionStage<Outcome<String>> second = node.jobs().callAsync(REPORT, "May", key("f1"));
        CompletionStage<Outcome<String>> elsewhere = waiting().jobs().callAsync(REPORT, "May", key("f1"));
        time.advance(Duration.ofMillis(200));
        JobHandle<String> job = job(first);
        assertThat(job(second).id()).isEqualTo(job.id());
        await().until(() -> {
            time.advance(Duration.ofMillis(200));
            return elsewhere.toCompletableFuture().isDone();
        });
        assertThat(job(elsewhere).id()).isEqualTo(job.id());
        assertThat(job.status().record().kind()).isEqualTo(JobKind.NAMED);
        gate.countDown();
        assertThat(job.await(Duration.ofSeconds(20))).isTrue();
        assertThat(job(second).result()).isEqualTo("sales of May");
        assertThat(job(elsewhere).result()).isEqualTo("sales of May");
        assertThat(runs).hasValue(1);
    }

    private static JobHandle<String> job(CompletionStage<Outcome<String>> answer)
            throws InterruptedException, ExecutionException {
        return answer.toCompletableFuture().get().fold(done -> null, promoted -> promoted);
    }

    @Test
    void ownerLostBeforeItsAnswer_theKeyLeadsToTheHeirsResult() throws Exception {
        OffloadExecutor zombie = waiting(1); // busy with the one job, it cannot take it again itself
        CompletionStage<Outcome<String>> first = zombie.jobs().callAsync(REPORT, "May", key("f1"));
        await().until(() -> runs.get() == 1);
        time.pause(Duration.ofSeconds(31));
        OffloadExecutor heir = handling();
        store.tick().toCompletableFuture().join();
        await().until(() -> runs.get() == 2 && heir.load().unfinished() == 0);
        await().until(() -> heir.engine.live.isEmpty());
        assertThat(heir.jobs().call(REPORT, "May", key("f1"))).isEqualTo(new Outcome.Done<>("sales of May", true));
        time.advance(Duration.ofMillis(200));
        assertThat(job(first).status().state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void failed_isDeadWithItsKey_andRepeatsItsFailure() throws Exception {
        OffloadExecutor node = node();
        IOException thrown = new IOException("disk");
        node.jobs().handle(REPORT, (month, ctx) -> {
            throw thrown;
        });
        assertThatThrownBy(() -> node.jobs().call(REPORT, "May", key("f1"))).isSameAs(thrown);
        assertThatThrownBy(() -> node.jobs().call(REPORT, "May", key("f1"))).isInstanceOf(JobFailedException.class);
        assertThat(node.jobs().dead(REPORT, 5))
                .singleElement()
                .extracting(JobSnapshot::state)
                .isEqualTo(JobState.FAILED);
    }

    // ---- mistakes

    @Test
    void withoutAHandlerHere_isRefused() {
        OffloadExecutor node = node();
        assertThatThrownBy(() -> node.jobs().call(REPORT, "May"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("job type 'report' has no handler in this process. Hint: Jobs.handle first; or enqueue it,"
                        + " and a process that has one will do it.");
        assertThatThrownBy(() -> node.jobs().callAsync(REPORT, "May", CallOptions.none()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anotherTypeThanTheHandlers_isRefused() {
        OffloadExecutor node = handling();
        assertThatThrownBy(() -> node.jobs().call(REPORT.version(2), "May"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("JobType[name=report")
                .hasMessageEndingWith("Hint: one constant for both.");
        assertThatThrownBy(() -> node.jobs().call(JobType.of("report", Integer.class, String.class), 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> node.jobs().call(JobType.of("report", String.class, Integer.class), "May"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void insideWorkOfTheSameExecutor_isRefused() throws Exception {
        OffloadExecutor node = handling();
        assertThatThrownBy(() -> node.call("outer", ctx -> node.jobs().call(REPORT, "May")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("it would hold a worker to wait for a worker");
    }

    @Test
    void payloadThatCannotBeStored_isNoMatterInTime_andTheReasonLater() throws Exception {
        OffloadExecutor node = handling();
        codec.unwritable = new IllegalStateException("no letters");
        assertThat(node.jobs().call(REPORT, "May")).isEqualTo(new Outcome.Done<>("sales of May"));
        assertThatThrownBy(() -> node.jobs().call(REPORT, "May", key("f1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the payload of a job of type report could not be encoded");
        assertThatThrownBy(() -> node.jobs().enqueue(REPORT, "May"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the payload of a job of type report could not be encoded");
        assertThat(runs).hasValue(1);

        codec.unwritable = null;
        String large = "x".repeat(17 << 10);
        assertThat(node.jobs().call(REPORT, large)).isInstanceOf(Outcome.Done.class);
        assertThatThrownBy(() -> node.jobs().call(REPORT, large, key("f1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is larger than the store takes");
        OffloadExecutor slow = waiting();
        CompletionStage<Outcome<String>> answer = slow.jobs().callAsync(REPORT, large, CallOptions.none());
        await().until(() -> {
            time.advance(Duration.ofSeconds(1));
            return answer.toCompletableFuture().isDone();
        });
        assertThatThrownBy(() -> answer.toCompletableFuture().get())
                .hasCauseInstanceOf(WaitExceededException.class)
                .hasStackTraceContaining("is larger than the store takes");
    }
}
