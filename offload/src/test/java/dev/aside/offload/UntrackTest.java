package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.Payload;
import dev.aside.offload.memory.InMemoryJobStore;
import dev.aside.offload.spi.Admission;
import dev.aside.offload.spi.JobSignals;
import dev.aside.offload.spi.KeyClaim;
import dev.aside.offload.spi.Owner;
import dev.aside.offload.spi.WriteAnswer;
import dev.aside.offload.testing.ForwardingJobStore;
import dev.aside.offload.testing.ManualTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The store knows of work and could not say so; the work never becomes a job. */
@Timeout(30)
class UntrackTest {
    private static final CallOptions KEY =
            CallOptions.builder().idempotencyKey("k", "f").build();

    private final ManualTime time = new ManualTime();
    private final InMemoryJobStore memory =
            InMemoryJobStore.builder().time(time).build();
    private final Mute store = new Mute();
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

    private Callers.Caller<Outcome<String>> called() {
        Callers.Caller<Outcome<String>> caller = Callers.start(() -> offload.call("work", ctx -> {
            gate.await();
            return "result";
        }));
        Callers.awaitParked(time, 1);
        return caller;
    }

    private Callers.Caller<Outcome<String>> calledAndTold() {
        Callers.Caller<Outcome<String>> caller = called();
        time.advance(Duration.ofMillis(200));
        await().until(() -> store.told.get() == 1);
        return caller;
    }

    @Test
    void endAfterAWriteWithoutAnswer_storeForgets() throws Exception {
        Callers.Caller<Outcome<String>> caller = calledAndTold();
        Callers.awaitParked(time, 1);
        assertThat(memory.size()).isEqualTo(1);
        gate.countDown();
        assertThat(caller.get()).isEqualTo(new Outcome.Done<>("result"));
        await().until(() -> memory.size() == 0);
    }

    @Test
    void endDuringAWriteWithoutAnswer_storeForgets() throws Exception {
        store.failure = new CompletableFuture<>();
        Callers.Caller<Outcome<String>> caller = calledAndTold();
        gate.countDown();
        assertThat(caller.get()).isEqualTo(new Outcome.Done<>("result"));
        assertThat(memory.size()).isEqualTo(1);
        store.failure.completeExceptionally(new IllegalStateException("no answer"));
        assertThat(memory.size()).isZero();
    }

    @Test
    void forgettingFails_isRepeated() throws Exception {
        store.deaf.set(3);
        Callers.Caller<Outcome<String>> caller = calledAndTold();
        Callers.awaitParked(time, 1);
        gate.countDown();
        caller.get();
        await().until(() -> store.deaf.get() == 2 && offload.load().unfinished() == 0);
        time.advance(Duration.ofMillis(100));
        assertThat(store.deaf).hasValue(1);
        time.advance(Duration.ofMillis(200));
        assertThat(store.deaf).hasValue(0);
        assertThat(memory.size()).isEqualTo(1);
        time.advance(Duration.ofMillis(400));
        assertThat(memory.size()).isZero();
    }

    @Test
    void forgettingFails_isRepeatedAtOnceWhenTheStoreIsBack() throws Exception {
        store.deaf.set(1);
        Callers.Caller<Outcome<String>> caller = calledAndTold();
        gate.countDown();
        caller.get();
        await().until(() -> store.deaf.get() == 0 && offload.load().unfinished() == 0);
        store.signals.missed();
        assertThat(memory.size()).isZero();
    }

    @Test
    void waitExceeded_storeForgets() throws Exception {
        Callers.Caller<Outcome<String>> caller = called();
        await().until(() -> {
            time.advance(Duration.ofSeconds(1));
            return caller.answer().isDone();
        });
        assertThat(caller.failure()).isInstanceOf(WaitExceededException.class);
        assertThat(memory.size()).isEqualTo(1);
        gate.countDown();
        await().until(() -> memory.size() == 0);
    }

    @Test
    void keyClaimedWithoutAnswer_isFreeAgain() {
        assertThatThrownBy(() -> offload.call("work", KEY, ctx -> 1)).isInstanceOf(JobStoreException.class);
        assertThat(memory.size()).isZero();
        store.answers = true;
        assertThat(offload.call("work", KEY, ctx -> 2)).isEqualTo(new Outcome.Done<>(2));
    }

    /** Does what it is told, but its answers to track are lost, and to untrack it may be deaf for a while. */
    private final class Mute extends ForwardingJobStore {
        private final AtomicInteger told = new AtomicInteger();
        private final AtomicInteger deaf = new AtomicInteger();
        private volatile CompletableFuture<Admission> failure =
                CompletableFuture.failedFuture(new IllegalStateException("no answer"));
        private volatile boolean answers;
        private volatile JobSignals signals;

        Mute() {
            super(memory);
        }

        @Override
        public CompletionStage<Admission> track(JobRecord record, Payload payload, KeyClaim key) {
            CompletionStage<Admission> done = super.track(record, payload, key);
            told.incrementAndGet();
            return answers ? done : failure;
        }

        @Override
        public CompletionStage<WriteAnswer> untrack(String jobId, Owner owner) {
            if (deaf.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                return CompletableFuture.failedFuture(new IllegalStateException("store away"));
            }
            return super.untrack(jobId, owner);
        }

        @Override
        public Registration subscribe(JobSignals listener) {
            signals = listener;
            return super.subscribe(listener);
        }
    }
}
