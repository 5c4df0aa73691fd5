package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.job.Payload;
import dev.aside.offload.memory.InMemoryJobStore;
import dev.aside.offload.spi.Admission;
import dev.aside.offload.spi.KeyClaim;
import dev.aside.offload.testing.ForwardingJobStore;
import dev.aside.offload.testing.ManualTime;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The steps of a named call's promotion, held apart by a store and a time that do what the test says. */
@Timeout(30)
class NamedCallRaceTest {
    private static final JobType<String, String> REPORT = JobType.of("report", String.class, String.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final ManualTime time = new ManualTime();
    /** Run by the worker when it asks what time it is, once. */
    private final AtomicReference<Runnable> onWorker = new AtomicReference<>();

    private final InMemoryJobStore memory =
            InMemoryJobStore.builder().time(time).build();
    private final ConcurrentLinkedQueue<Runnable> writes = new ConcurrentLinkedQueue<>();
    private final OffloadExecutor offload = OffloadExecutor.builder()
            .time(new Hooked())
            .store(new SlowStore())
            .codec(new TextCodec())
            .workers(2)
            .drain(Duration.ZERO)
            .defaults(type -> type.retry(RetryConfig.custom()
                    .maxAttempts(3)
                    .intervalFunction(IntervalFunction.of(PAUSE))
                    .build()))
            .build();
    private final CountDownLatch gate = new CountDownLatch(1);
    private volatile RuntimeException failure;

    @AfterEach
    void close() {
        gate.countDown();
        offload.close();
    }

    private Callers.Caller<Outcome<String>> call() {
        offload.jobs().handle(REPORT, (month, ctx) -> {
            gate.await();
            RuntimeException fails = failure;
            if (fails != null) {
                throw fails;
            }
            return "sales of " + month;
        });
        Callers.Caller<Outcome<String>> caller =
                Callers.start(() -> offload.jobs().call(REPORT, "May"));
        Callers.awaitParked(time, 1);
        return caller;
    }

    private JobRecord record(String id) {
        return memory.find(id).toCompletableFuture().join().orElseThrow();
    }

    @Test
    void endDuringWrite_isDone_andStoreForgets() throws Exception {
        Callers.Caller<Outcome<String>> caller = call();
        time.advance(Duration.ofMillis(185));
        await().until(() -> writes.size() == 1);
        gate.countDown();
        assertThat(caller.get()).isEqualTo(new Outcome.Done<>("sales of May"));
        assertThat(memory.size()).isEqualTo(1);
        writes.remove().run();
        assertThat(memory.size()).isZero();
    }

    @Test
    void endBetweenWriteAndThreshold_isDone_andStoreForgets() throws Exception {
        Callers.Caller<Outcome<String>> caller = call();
        time.advance(Duration.ofMillis(185));
        await().until(() -> writes.size() == 1);
        writes.remove().run();
        Callers.awaitParked(time, 1);
        gate.countDown();
        assertThat(caller.get()).isEqualTo(new Outcome.Done<>("sales of May"));
        await().until(() -> memory.size() == 0);
    }

    @Test
    void failureDuringWrite_isScheduledInTheStore_whenTheCallerLeaves() throws Exception {
        Callers.Caller<Outcome<String>> caller = call();
        time.advance(Duration.ofMillis(185));
        await().until(() -> writes.size() == 1);
        failure = new IllegalStateException("disk");
        gate.countDown();
        await().until(() -> offload.engine.asleep.size() == 1);
        writes.remove().run();
        time.advance(Duration.ofMillis(15));
        String id = caller.get().fold(done -> "too early", JobHandle::id);
        assertThat(record(id).state()).isEqualTo(JobState.SCHEDULED);
        assertThat(record(id).attempts()).isEqualTo(1);
        assertThat(record(id).failures()).isEqualTo(1);
        failure = null;
        time.advance(PAUSE);
        await().until(() -> record(id).state() == JobState.SUCCEEDED);
        assertThat(record(id).attempts()).isEqualTo(2);
    }

    @Test
    void failure_asTheCallerLeaves_goesToTheStore() throws Exception {
        Callers.Caller<Outcome<String>> caller = call();
        time.advance(Duration.ofMillis(185));
        await().until(() -> writes.size() == 1);
        writes.remove().run();
        Callers.awaitParked(time, 1);
        failure = new IllegalStateException("disk");
        onWorker.set(
                () -> { // it has seen that nobody has the id, and is about to go to sleep
                    time.advance(Duration.ofMillis(15));
                    caller.answer().join();
                });
        gate.countDown();
        String id = caller.get().fold(done -> "too early", JobHandle::id);
        await().until(() -> record(id).state() == JobState.SCHEDULED);
        assertThat(record(id).failures()).isEqualTo(1);
        assertThat(record(id).attempts()).isEqualTo(1);
        assertThat(offload.engine.asleep).isEmpty();
        await().until(() -> offload.load().unfinished() == 0);
    }

    @Test
    void drain_betweenWriteAndThreshold_givesTheCallerTheJob() throws Exception {
        offload.jobs().handle(REPORT, (month, ctx) -> {
            while (true) {
                ctx.throwIfCancelled();
                Thread.onSpinWait();
            }
        });
        Callers.Caller<Outcome<String>> caller =
                Callers.start(() -> offload.jobs().call(REPORT, "May"));
        Callers.awaitParked(time, 1);
        time.advance(Duration.ofMillis(185));
        await().until(() -> writes.size() == 1);
        writes.remove().run();
        Callers.awaitParked(time, 1);
        offload.close();
        String id = caller.get().fold(done -> "cancelled", JobHandle::id);
        assertThat(record(id).state()).isEqualTo(JobState.QUEUED);
        assertThat(record(id).attempts()).isZero();
    }

    private final class Hooked extends ForwardingTime {
        Hooked() {
            super(time);
        }

        @Override
        public Instant instant() {
            Runnable step = isWorker() ? onWorker.getAndSet(null) : null;
            if (step != null) {
                step.run();
            }
            return super.instant();
        }

        private boolean isWorker() {
            return Thread.currentThread().getName().startsWith("aside-offload");
        }
    }

    /** Track commands are carried out at once and answered by hand. */
    private final class SlowStore extends ForwardingJobStore {
        SlowStore() {
            super(memory);
        }

        @Override
        public CompletionStage<Admission> track(JobRecord record, Payload payload, KeyClaim key) {
            CompletableFuture<Admission> answer = new CompletableFuture<>();
            Admission admission =
                    memory.track(record, payload, key).toCompletableFuture().join();
            writes.add(() -> answer.complete(admission));
            return answer;
        }

        @Override
        public Duration writeBudget() {
            return Duration.ofMillis(15);
        }
    }
}
