package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.Payload;
import dev.aside.offload.memory.InMemoryJobStore;
import dev.aside.offload.spi.Admission;
import dev.aside.offload.spi.KeyClaim;
import dev.aside.offload.testing.ForwardingJobStore;
import dev.aside.offload.testing.ManualTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One caller that does not wait gives up for two reasons at once: its time is over, and the store says no. */
@Timeout(30)
class AsyncAbandonTest {
    private static final CallOptions SAME =
            CallOptions.builder().coalesceBy("same").build();

    private final ManualTime manual = new ManualTime();
    private final CompletableFuture<Admission> answer = new CompletableFuture<>();
    private final AtomicReference<Runnable> whileItGivesUp = new AtomicReference<>();
    private final AtomicReference<JobContext> work = new AtomicReference<>();
    /** The work was asked to stop. */
    private final CompletableFuture<Void> told = new CompletableFuture<>();

    private final CountDownLatch gate = new CountDownLatch(1);
    private final OffloadExecutor offload = OffloadExecutor.builder()
            .name("abandon")
            .time(new HookedTime())
            .store(new SilentStore())
            .drain(Duration.ZERO)
            .maxInline(Duration.ofSeconds(30))
            .build();

    @AfterEach
    void close() {
        gate.countDown();
        offload.close();
    }

    private CompletableFuture<Outcome<Integer>> call() {
        return offload.<Integer>dispatch("work", SAME, ctx -> {
                    work.set(ctx);
                    ctx.onCancel(() -> told.complete(null));
                    gate.await();
                    return 42;
                })
                .toCompletableFuture();
    }

    @Test
    void abandon_twiceAtOnce_leavesOnce_andTheOtherCallerGetsItsAnswer() {
        CompletableFuture<Outcome<Integer>> first = call();
        await().until(() -> work.get() != null);
        manual.advance(Duration.ofSeconds(10));
        CompletableFuture<Outcome<Integer>> second = call();
        manual.advance(Duration.ofSeconds(1)); // both have asked the store, which does not answer
        whileItGivesUp.set(() -> {
            answer.completeExceptionally(new IllegalStateException("store down"));
            told.orTimeout(300, TimeUnit.MILLISECONDS)
                    .exceptionally(inTime -> null)
                    .join(); // as another thread may
        });

        manual.advance(Duration.ofSeconds(20)); // of the first only

        assertThat(catchThrowable(first::join)).hasCauseInstanceOf(WaitExceededException.class);
        assertThat(work.get().isCancelled()).isFalse();
        gate.countDown();
        assertThat(second.join()).isEqualTo(new Outcome.Done<>(42));
    }

    /** Runs the action when a callback thread asks for the time. */
    private final class HookedTime extends ForwardingTime {
        HookedTime() {
            super(manual);
        }

        @Override
        public long nanoTime() {
            if (Thread.currentThread().getName().startsWith("abandon-callback")) {
                Runnable action = whileItGivesUp.getAndSet(null);
                if (action != null) {
                    action.run();
                }
            }
            return super.nanoTime();
        }
    }

    /** Answers when the test says so. */
    private final class SilentStore extends ForwardingJobStore {
        SilentStore() {
            super(InMemoryJobStore.builder().time(manual).build());
        }

        @Override
        public CompletionStage<Admission> track(JobRecord record, Payload payload, KeyClaim key) {
            return answer;
        }
    }
}
