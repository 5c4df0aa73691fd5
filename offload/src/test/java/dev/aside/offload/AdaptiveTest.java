package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.OffloadEvent.Mode;
import dev.aside.offload.http.Headers;
import dev.aside.offload.http.HttpContract;
import dev.aside.offload.http.JobRequest;
import dev.aside.offload.http.JobView;
import dev.aside.offload.testing.ManualTime;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Types that learn whether waiting for them pays. */
@Timeout(30)
class AdaptiveTest {
    private final ManualTime time = new ManualTime();
    private final ConcurrentLinkedQueue<Mode> modes = new ConcurrentLinkedQueue<>();
    private final OffloadExecutor offload = OffloadExecutor.builder()
            .time(time)
            .drain(Duration.ZERO)
            .type("report", type -> type.adaptive(true))
            .type("plain", type -> type)
            .listener(event -> {
                if (event instanceof OffloadEvent.Answered answered) {
                    modes.add(answered.mode());
                }
            })
            .build();
    private CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void close() {
        gate.countDown();
        offload.close();
    }

    private Outcome<Integer> call(String type, CallOptions options, CountDownLatch until) throws InterruptedException {
        return offload.call(type, options, ctx -> {
            until.await();
            return 1;
        });
    }

    /** Calls that take 10 s; asked for with a threshold of zero, so that nobody has to turn the time for them. */
    private void slowCalls(String type, int times) throws InterruptedException {
        CallOptions now = CallOptions.builder().threshold(Duration.ZERO).build();
        for (int i = 0; i < times; i++) {
            CountDownLatch until = gate;
            call(type, now, until);
        }
        time.advance(Duration.ofSeconds(10));
        gate.countDown();
        gate = new CountDownLatch(1);
        await().until(() -> offload.load().unfinished() == 0);
        modes.clear();
    }

    @Test
    void typeThatIsAlwaysSlow_answersAtOnce_andSaysWhenToAskAgain() throws Exception {
        slowCalls("report", 50);
        Outcome<Integer> outcome = call("report", CallOptions.none(), gate); // nobody turns the time

        JobHandle<Integer> job = outcome.fold(done -> null, handle -> handle);
        assertThat(modes).containsExactly(Mode.DIRECT);
        Duration pause = job.status().retryAfter().orElseThrow();
        assertThat(pause).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(15));
        time.advance(Duration.ofSeconds(7));
        assertThat(job.status().retryAfter().orElseThrow()).isLessThan(Duration.ofMillis(6_600));
        assertThat(retryAfterHeader(job)).isBetween(2, 7);
        gate.countDown();
        await().until(() -> job.status().isFinished());
        assertThat(job.status().retryAfter()).isEmpty();
    }

    private static int retryAfterHeader(JobHandle<?> job) {
        HttpContract contract =
                HttpContract.builder().baseUrl("https://shop.example").build();
        return Integer.parseInt(contract.polled(JobRequest.of(Headers.NONE), JobView.of(job.status()))
                .headers()
                .first("Retry-After")
                .orElseThrow());
    }

    @Test
    void plainType_waitsHoweverSlowItWas() throws Exception {
        slowCalls("plain", 50);
        Callers.Caller<Outcome<Integer>> caller = Callers.start(() -> call("plain", CallOptions.none(), gate));
        Callers.awaitParked(time, 1);
        assertThat(caller.answer()).isNotDone();
        time.advance(Duration.ofMillis(200));
        await().until(() -> caller.answer().isDone());
        assertThat(modes).containsExactly(Mode.PROMOTED);
        assertThat(offload.find(caller.answer().join().<String>fold(done -> null, JobHandle::id))
                        .orElseThrow()
                        .retryAfter())
                .isEmpty();
    }

    @Test
    void callWithItsOwnThreshold_waitsForIt() throws Exception {
        slowCalls("report", 50);
        CallOptions patient =
                CallOptions.builder().threshold(Duration.ofSeconds(1)).build();
        Callers.Caller<Outcome<Integer>> caller = Callers.start(() -> call("report", patient, gate));
        Callers.awaitParked(time, 1);
        gate.countDown();
        await().until(() -> caller.answer().isDone());
        assertThat(modes).containsExactly(Mode.INLINE);
    }

    @Test
    void typeThatMustNotPromote_waits() throws Exception {
        slowCalls("report", 50);
        CallOptions whole =
                CallOptions.builder().onWaitTimeout(OnWaitTimeout.CANCEL).build();
        Callers.Caller<Outcome<Integer>> caller = Callers.start(() -> call("report", whole, gate));
        Callers.awaitParked(time, 1);
        gate.countDown();
        await().until(() -> caller.answer().isDone());
        assertThat(modes).containsExactly(Mode.INLINE);
    }

    @Test
    void fastAgain_callersWaitAgain() throws Exception {
        slowCalls("report", 50);
        CountDownLatch open = new CountDownLatch(0);
        for (int i = 0; i < 60; i++) {
            call("report", CallOptions.none(), open);
        }
        await().until(() -> offload.load().unfinished() == 0);
        modes.clear();
        Callers.Caller<Outcome<Integer>> caller = Callers.start(() -> call("report", CallOptions.none(), gate));
        Callers.awaitParked(time, 1);
        gate.countDown();
        await().until(() -> caller.answer().isDone());
        assertThat(modes).containsExactly(Mode.INLINE);
    }

    @Test
    void cancelledCalls_teachNothing() throws Exception {
        CallOptions now = CallOptions.builder().threshold(Duration.ZERO).build();
        for (int i = 0; i < 60; i++) {
            String id = call("report", now, gate).fold(done -> null, JobHandle::id);
            offload.cancel(id, "test");
        }
        time.advance(Duration.ofSeconds(10)); // interrupts what runs
        await().until(() -> offload.load().unfinished() == 0);
        modes.clear();
        Callers.Caller<Outcome<Integer>> caller = Callers.start(() -> call("report", CallOptions.none(), gate));
        Callers.awaitParked(time, 1);
        gate.countDown();
        await().until(() -> caller.answer().isDone());
        assertThat(modes).containsExactly(Mode.INLINE);
    }
}
