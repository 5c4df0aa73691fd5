package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.job.JobState;
import dev.aside.offload.memory.InMemoryJobStore;
import dev.aside.offload.testing.ManualTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
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
