package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.job.JobState;
import dev.aside.offload.testing.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;

@Timeout(30)
class AsyncTest {
    static {
        BlockHound.builder()
                .nonBlockingThreadPredicate(other -> other.or(thread -> thread instanceof EventLoop))
                .install();
    }

    /** A thread that must never block; BlockHound watches it. */
    private static final class EventLoop extends Thread {
        EventLoop(Runnable work) {
            super(work, "loop");
        }
    }

    private final ManualTime time = new ManualTime();
    private final OffloadExecutor offload = OffloadExecutor.builder()
            .time(time)
            .workers(1)
            .drain(Duration.ZERO)
            .type("impatient", type -> type.onWaitTimeout(OnWaitTimeout.CANCEL))
            .type("tiny", type -> type.maxBacklog(0))
            .build();

    @AfterEach
    void close() {
        offload.close();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static Throwable failure(CompletionStage<?> stage) throws Exception {
        try {
            throw new AssertionError("no failure but " + get(stage));
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    @Test
    void stageDoneInTime_isDone_unchanged() throws Exception {
        assertThat(get(offload.callAsync("work", ctx -> CompletableFuture.completedFuture("x"))))
                .isEqualTo(new Outcome.Done<>("x"));
        IOException thrown = new IOException("disk");
        assertThat(failure(offload.callAsync("work", ctx -> CompletableFuture.failedFuture(thrown))))
                .isSameAs(thrown);
        assertThat(failure(offload.callAsync("work", ctx -> {
                    throw thrown;
                })))
                .isSameAs(thrown);
        assertThat(failure(offload.callAsync("work", ctx -> null)))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("the stage of an asynchronous task is null");
    }

    @Test
    void stageSlow_isPromoted_holdsItsPermitButNoThread() throws Exception {
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletionStage<Outcome<String>> answer = offload.callAsync("work", ctx -> work);
        await().until(() -> offload.load().equals(new OffloadLoad(0, 0, 1)));
        assertThat(offload.call("other", ctx -> "the one worker is free")).isInstanceOf(Outcome.Done.class);

        time.advance(Duration.ofMillis(200));
        JobHandle<String> job = get(answer).fold(done -> null, handle -> handle);
        assertThat(job.status().state()).isEqualTo(JobState.RUNNING);
        CompletionStage<Outcome<String>> next =
                offload.callAsync("work", ctx -> CompletableFuture.completedFuture("next"));
        assertThat(offload.load()).isEqualTo(new OffloadLoad(1, 0, 2)); // one permit per type here

        work.complete("late");
        assertThat(get(job.completion())).isEqualTo("late");
        assertThat(job.status().result(String.class)).isEqualTo("late");
        assertThat(get(next)).isEqualTo(new Outcome.Done<>("next"));
        await().until(() -> offload.load().equals(new OffloadLoad(0, 0, 0)));
        await().until(() -> time.timers() == 1); // that of the idle workers
    }

    @Test
    void blockingTaskDispatched_answersTheSameWay() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CompletionStage<Outcome<String>> answer = offload.dispatch("work", CallOptions.none(), ctx -> {
            gate.await();
            return "late";
        });
        time.advance(Duration.ofMillis(200));
        JobHandle<String> job = get(answer).fold(done -> null, handle -> handle);
        gate.countDown();
        assertThat(get(job.completion())).isEqualTo("late");
    }

    @Test
    void waitOver_cancelled_tellsTheStageThroughOnCancel() throws Exception {
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletionStage<Outcome<String>> answer = offload.callAsync("impatient", ctx -> {
            ctx.onCancel(() -> work.cancel(false));
            return work;
        });
        await().until(() -> offload.load().equals(new OffloadLoad(0, 0, 1)));
        time.advance(Duration.ofMillis(200));

        assertThat(failure(answer)).isInstanceOf(WaitExceededException.class);
        await().until(work::isCancelled);
        await().until(() -> offload.load().unfinished() == 0);
    }

    @Test
    void noRoom_failsTheStage() throws Exception {
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletionStage<Outcome<String>> first = offload.callAsync("tiny", ctx -> work);
        assertThat(failure(offload.callAsync("tiny", ctx -> work))).isInstanceOf(BacklogFullException.class);
        work.complete("done");
        assertThat(get(first)).isEqualTo(new Outcome.Done<>("done"));
    }

    @Test
    void onAnEventLoop_callAsyncNeverBlocks_andBlockHoundWouldSee() throws Exception {
        CompletableFuture<String> work = new CompletableFuture<>();
        AtomicReference<Throwable> seen = new AtomicReference<>();
        CompletableFuture<CompletionStage<Outcome<String>>> answer = new CompletableFuture<>();
        Thread loop = new EventLoop(() -> {
            try {
                Thread.sleep(1);
            } catch (InterruptedException | BlockingOperationError e) {
                seen.set(e);
            }
            try {
                for (int i = 0; i < 1_000; i++) {
                    offload.callAsync("warm", ctx -> CompletableFuture.completedFuture(1));
                }
                answer.complete(offload.callAsync("work", ctx -> work));
                offload.findAsync("jb_unknown");
            } catch (Throwable e) {
                answer.completeExceptionally(e);
            }
        });
        loop.start();
        CompletionStage<Outcome<String>> stage = answer.get(10, TimeUnit.SECONDS);
        assertThat(seen.get()).as("BlockHound is awake").isInstanceOf(BlockingOperationError.class);
        work.complete("x");
        assertThat(get(stage)).isEqualTo(new Outcome.Done<>("x"));
    }

    @Test
    void call_onAReactorThread_isRefusedNamingTheOtherWay() throws Exception {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        Thread loop = new NonBlockingThread(() -> {
            try {
                offload.call("work", ctx -> 1);
                seen.complete(null);
            } catch (Throwable e) {
                seen.complete(e);
            }
        });
        loop.start();
        assertThat(seen.get(10, TimeUnit.SECONDS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a call of job type 'work' would block the event loop thread 'parallel-1'")
                .hasMessageContaining("Hint: use callAsync");
    }

    private static final class NonBlockingThread extends Thread implements reactor.core.scheduler.NonBlocking {
        NonBlockingThread(Runnable work) {
            super(work, "parallel-1");
        }
    }

    @Test
    void awaitChange_isALongPoll() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch more = new CountDownLatch(1);
        CompletionStage<Outcome<String>> answer = offload.dispatch(
                "work", CallOptions.builder().threshold(Duration.ZERO).build(), ctx -> {
                    more.await();
                    ctx.progress(1, 2);
                    gate.await();
                    return "end";
                });
        String id = get(answer).fold(done -> null, JobHandle::id);
        await().until(() -> offload.find(id).orElseThrow().state() == JobState.RUNNING);
        long version = offload.find(id).orElseThrow().record().version();

        CompletionStage<java.util.Optional<JobSnapshot>> poll =
                offload.awaitChange(id, version, Duration.ofSeconds(20));
        assertThat(poll.toCompletableFuture()).isNotDone();
        more.countDown();
        assertThat(get(poll).orElseThrow().progress().done()).isEqualTo(1);

        long known = offload.find(id).orElseThrow().record().version();
        CompletionStage<java.util.Optional<JobSnapshot>> unchanged =
                offload.awaitChange(id, known, Duration.ofSeconds(20));
        time.advance(Duration.ofSeconds(20));
        assertThat(get(unchanged).orElseThrow().record().version()).isEqualTo(known);
        assertThat(get(offload.awaitChange("nonsense", 0, Duration.ofSeconds(20))))
                .isEmpty();
        gate.countDown();
        assertThatThrownBy(() -> offload.call("work", CallOptions.none(), null))
                .isInstanceOf(NullPointerException.class);
    }
}
