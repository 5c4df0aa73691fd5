package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.memory.InMemoryJobStore;
import dev.aside.offload.spi.TimeSource;
import dev.aside.offload.testing.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same call twice at the same moment. */
@Timeout(30)
class KeyedRaceTest {
    private static final CallOptions KEY =
            CallOptions.builder().idempotencyKey("k", "f").build();

    private final ManualTime time = new ManualTime();
    private final AtomicReference<Runnable> atFirstBeat = new AtomicReference<>();
    private final InMemoryJobStore store =
            InMemoryJobStore.builder().time(time).lease(Duration.ofSeconds(30)).build();
    private final OffloadExecutor offload = OffloadExecutor.builder()
            .time(new Hooked())
            .store(store)
            .drain(Duration.ZERO)
            .type("tiny", type -> type.maxConcurrent(1).maxBacklog(0))
            .build();
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void close() {
        gate.countDown();
        offload.close();
    }

    @Test
    void noRoom_whileTheSameCallJoins_isTakenInAllTheSame() throws Exception {
        AtomicBoolean runs = new AtomicBoolean();
        Callers.Caller<Outcome<Integer>> blocker = Callers.start(() -> offload.call("tiny", ctx -> {
            runs.set(true);
            gate.await();
            return 0;
        }));
        await().untilTrue(runs);
        AtomicReference<Callers.Caller<Outcome<Integer>>> second = new AtomicReference<>();
        // the first timer of a lease is set when the store has the job and before there is room for it
        atFirstBeat.set(() -> {
            second.set(Callers.start(() -> offload.call("tiny", KEY, ctx -> 2)));
            Callers.awaitParked(time, 2);
        });

        Callers.Caller<Outcome<Integer>> first = Callers.start(() -> offload.call("tiny", KEY, ctx -> 1));
        Callers.awaitParked(time, 3);
        assertThatThrownBy(() -> offload.call("tiny", ctx -> 3)).isInstanceOf(BacklogFullException.class);
        gate.countDown();
        assertThat(first.get()).isEqualTo(new Outcome.Done<>(1));
        assertThat(second.get().get()).isEqualTo(new Outcome.Done<>(1, true));
        assertThat(blocker.get()).isEqualTo(new Outcome.Done<>(0));
    }

    /** The manual time, with a step of the test's before its first timer. */
    private final class Hooked implements TimeSource {
        @Override
        public long nanoTime() {
            return time.nanoTime();
        }

        @Override
        public Instant instant() {
            return time.instant();
        }

        @Override
        public void parkUntil(Object blocker, long deadlineNanos) {
            time.parkUntil(blocker, deadlineNanos);
        }

        @Override
        public TimeSource.Timeout schedule(long deadlineNanos, Runnable action) {
            Runnable step = atFirstBeat.getAndSet(null);
            if (step != null) {
                step.run();
            }
            return time.schedule(deadlineNanos, action);
        }

        @Override
        public void close() {
            time.close();
        }
    }
}
