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
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The steps of a promotion, held apart by a store that answers when the test says so. */
@Timeout(30)
class PromotionRaceTest {
    private final ManualTime time = new ManualTime();
    private final SlowStore store =
            new SlowStore(InMemoryJobStore.builder().time(time).build());
    private final OffloadExecutor offload = OffloadExecutor.builder()
            .time(time)
            .store(store)
            .workers(2)
            .drain(Duration.ZERO)
            .build();
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void close() {
        gate.countDown();
        offload.close();
    }

    private Callers.Caller<Outcome<String>> call() {
        Callers.Caller<Outcome<String>> caller = Callers.start(() -> offload.call("work", ctx -> {
            gate.await();
            return "result";
        }));
        Callers.awaitParked(time, 1);
        return caller;
    }

    @Test
    void write_isBegunBeforeTheThreshold_andHandedOutAtIt() throws Exception {
        Callers.Caller<Outcome<String>> caller = call();
        time.advance(Duration.ofMillis(184));
        assertThat(store.writes).isEmpty();
        time.advance(Duration.ofMillis(1)); // threshold less the budget of 15 ms
        await().until(() -> store.writes.size() == 1);
        store.answer();
        Callers.awaitParked(time, 1);
        assertThat(caller.answer()).isNotDone();
        time.advance(Duration.ofMillis(15));

        assertThat(caller.get()).isInstanceOf(Outcome.Promoted.class);
    }

    @Test
    void endDuringWrite_isDone_andStoreForgets() throws Exception {
        Callers.Caller<Outcome<String>> caller = call();
        time.advance(Duration.ofMillis(185));
        await().until(() -> store.writes.size() == 1);
        gate.countDown();
        assertThat(caller.get()).isEqualTo(new Outcome.Done<>("result"));
        assertThat(store.memory.size()).isEqualTo(1);
        store.answer();

        assertThat(store.memory.size()).isZero();
    }

    @Test
    void slowWrite_keepsTheCallerBeyondTheThreshold_neverAnUnknownId() throws Exception {
        Callers.Caller<Outcome<String>> caller = call();
        time.advance(Duration.ofMillis(185));
        await().until(() -> store.writes.size() == 1);
        time.advance(Duration.ofMillis(500));
        Callers.awaitParked(time, 1);
        assertThat(caller.answer()).isNotDone();
        store.answer();

        String id = caller.get().fold(done -> null, JobHandle::id);
        assertThat(offload.find(id).orElseThrow().state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void failedWrite_isTriedAgain_andTheTaskIsKept() throws Exception {
        store.failures.set(2);
        Callers.Caller<Outcome<String>> caller = call();
        time.advance(Duration.ofMillis(200));
        for (int i = 0; i < 2; i++) {
            Callers.awaitParked(time, 1);
            time.advance(Duration.ofMillis(250));
        }
        await().until(() -> {
            time.advance(Duration.ofMillis(50));
            return store.writes.size() == 1;
        });
        store.answer();

        assertThat(caller.get()).isInstanceOf(Outcome.Promoted.class);
    }

    @Test
    void storeStaysDown_callerGetsTheReasonAtMaxInline() throws Exception {
        store.failures.set(Integer.MAX_VALUE);
        Callers.Caller<Outcome<String>> caller = call();
        await().until(() -> {
            time.advance(Duration.ofSeconds(1));
            return caller.answer().isDone();
        });

        assertThat(caller.failure())
                .isInstanceOf(WaitExceededException.class)
                .hasMessageContaining("and did not become a job")
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(time.nanoTime())
                .isGreaterThanOrEqualTo(Duration.ofSeconds(30).toNanos());
    }

    /** An in-memory store whose track commands are carried out at once and answered by hand. */
    private static final class SlowStore extends ForwardingJobStore {
        private final InMemoryJobStore memory;
        private final ConcurrentLinkedQueue<Runnable> writes = new ConcurrentLinkedQueue<>();
        private final AtomicInteger failures = new AtomicInteger();

        SlowStore(InMemoryJobStore memory) {
            super(memory);
            this.memory = memory;
        }

        void answer() {
            writes.remove().run();
        }

        @Override
        public CompletionStage<Admission> track(JobRecord record, Payload payload, KeyClaim key) {
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                return CompletableFuture.failedFuture(new IllegalStateException("store down"));
            }
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
