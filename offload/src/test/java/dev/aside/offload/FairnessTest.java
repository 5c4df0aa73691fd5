package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.job.JobPriority;
import dev.aside.offload.testing.ManualTime;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FairnessTest {
    private final ManualTime time = new ManualTime();
    private final OffloadExecutor offload = OffloadExecutor.builder()
            .time(time)
            .workers(1)
            .threshold(Duration.ZERO)
            .drain(Duration.ZERO)
            .maxBacklogBytes(1 << 20)
            .build();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final List<String> order = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() {
        gate.countDown();
        offload.close();
    }

    private void holdTheWorker() throws InterruptedException {
        offload.call("holder", ctx -> {
            gate.await();
            return 1;
        });
    }

    private void note(String type, JobPriority priority, String what) {
        offload.call(type, CallOptions.builder().priority(priority).build(), ctx -> order.add(what));
    }

    private void letGo() {
        gate.countDown();
        await().until(() -> offload.load().unfinished() == 0);
    }

    @Test
    void typeWithALongQueue_doesNotStarveAnother() throws Exception {
        holdTheWorker();
        for (int i = 0; i < 100; i++) {
            note("bulk", JobPriority.NORMAL, "bulk");
        }
        note("small", JobPriority.NORMAL, "small-1");
        note("small", JobPriority.NORMAL, "small-2");
        letGo();

        assertThat(order.indexOf("small-1")).isLessThan(3);
        assertThat(order.indexOf("small-2")).isLessThan(6);
        assertThat(order).hasSize(102);
    }

    @Test
    void priorities_areHeadStarts_notRightsOfWay() throws Exception {
        holdTheWorker();
        note("work", JobPriority.LOW, "low");
        time.advance(Duration.ofSeconds(1));
        note("work", JobPriority.NORMAL, "normal");
        note("work", JobPriority.HIGH, "high");
        time.advance(Duration.ofSeconds(30));
        note("work", JobPriority.NORMAL, "later normal");
        time.advance(Duration.ofSeconds(30));
        note("work", JobPriority.HIGH, "latest high");
        letGo();

        assertThat(order).containsExactly("high", "normal", "low", "later normal", "latest high");
    }

    @Test
    void workThatReturns_goesBeforeWhatCameAfterIt() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        try (OffloadExecutor retrying = OffloadExecutor.builder()
                .time(time)
                .workers(1)
                .threshold(Duration.ZERO)
                .drain(Duration.ZERO)
                .type(
                        "work",
                        type -> type.retry(RetryConfig.custom()
                                .maxAttempts(2)
                                .waitDuration(Duration.ofSeconds(1))
                                .build()))
                .build()) {
            retrying.call("work", ctx -> {
                if (attempts.incrementAndGet() == 1) {
                    throw new IllegalStateException("once");
                }
                return order.add("first");
            });
            await().until(() -> attempts.get() == 1 && retrying.load().running() == 0);
            retrying.call("work", ctx -> {
                gate.await();
                return 1;
            });
            time.advance(Duration.ofMillis(500));
            retrying.call("work", ctx -> order.add("second"));
            retrying.call("work", ctx -> order.add("third"));
            time.advance(Duration.ofSeconds(1));
            await().until(() -> retrying.load().waiting() == 3);
            gate.countDown();
            await().until(() -> retrying.load().unfinished() == 0);
        }
        assertThat(order).containsExactly("first", "second", "third");
    }

    @Test
    void backlogBytes_areABoundToo() throws Exception {
        holdTheWorker();
        CallOptions heavy = CallOptions.builder().estimatedBytes(600_000).build();
        offload.call("work", heavy, ctx -> 1);
        assertThatThrownBy(() -> offload.call("work", heavy, ctx -> 1)).isInstanceOf(BacklogFullException.class);
        offload.call("work", ctx -> "a light one");
        letGo();
        offload.call("work", heavy, ctx -> 1);
    }

    @Test
    void oneType_leavesAWorkerForOthers() throws Exception {
        try (OffloadExecutor four = OffloadExecutor.builder()
                .workers(4)
                .threshold(Duration.ZERO)
                .drain(Duration.ZERO)
                .build()) {
            CountDownLatch leave = new CountDownLatch(1);
            AtomicInteger running = new AtomicInteger();
            for (int i = 0; i < 10; i++) {
                four.call("greedy", ctx -> {
                    running.incrementAndGet();
                    leave.await();
                    return 1;
                });
            }
            await().until(() -> running.get() == 3);
            assertThat(four.load()).isEqualTo(new OffloadLoad(7, 3, 10));
            Outcome<String> other = four.call(
                    "modest",
                    CallOptions.builder().threshold(TypeOptions.MAX_THRESHOLD).build(),
                    ctx -> "served");
            assertThat(other).isEqualTo(new Outcome.Done<>("served"));
            leave.countDown();
            await().until(() -> four.load().unfinished() == 0);
        }
    }
}
