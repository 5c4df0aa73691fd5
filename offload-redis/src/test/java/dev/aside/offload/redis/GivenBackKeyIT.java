package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.offload.BacklogFullException;
import dev.aside.offload.CallOptions;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.Outcome;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.Admission;
import dev.aside.offload.spi.JobStore;
import dev.aside.offload.spi.KeyClaim;
import dev.aside.offload.testing.ForwardingJobStore;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A call claims its idempotency key and then finds no room, while the same call has come to another node. */
class GivenBackKeyIT {
    private static final CallOptions KEY = CallOptions.builder()
            .idempotencyKey("k", "f")
            .replayAs(Integer.class)
            .build();

    private final String namespace = Namespaces.next();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    /** The first node has the key, and does not know yet. */
    private final CountDownLatch claimed = new CountDownLatch(1);

    private final CompletableFuture<@Nullable Void> known = new CompletableFuture<>();
    /** The second node has heard that the key is taken. */
    private final CountDownLatch met = new CountDownLatch(1);

    private JobStore store() {
        RedisJobStore store = RedisJobStore.builder()
                .uri(RedisServer.shared().uri())
                .namespace(namespace)
                .build();
        open.add(0, store);
        return store;
    }

    private OffloadExecutor node(JobStore store) {
        OffloadExecutor node = OffloadExecutor.builder()
                .store(store)
                .codec(JacksonPayloadCodec.create())
                .drain(Duration.ofSeconds(1))
                .type("tiny", type -> type.maxConcurrent(1).maxBacklog(0).threshold(Duration.ofSeconds(20)))
                .build();
        open.add(0, node);
        return node;
    }

    @AfterEach
    void close() throws Exception {
        gate.countDown();
        known.complete(null);
        for (AutoCloseable last : open) {
            last.close();
        }
    }

    @Test
    void noRoom_whileTheSameCallWaitsOnAnotherNode_itClaimsTheKeyAndRuns() throws Exception {
        OffloadExecutor full = node(new ForwardingJobStore(store()) {
            @Override
            public CompletionStage<Admission> track(
                    JobRecord record, @Nullable Payload payload, @Nullable KeyClaim key) {
                return super.track(record, payload, key).thenCompose(admission -> {
                    claimed.countDown();
                    return known.thenApply(ignored -> admission);
                });
            }
        });
        OffloadExecutor free = node(new ForwardingJobStore(store()) {
            @Override
            public CompletionStage<Admission> track(
                    JobRecord record, @Nullable Payload payload, @Nullable KeyClaim key) {
                return super.track(record, payload, key).whenComplete((admission, failure) -> met.countDown());
            }
        });
        CountDownLatch runs = new CountDownLatch(1);
        CompletableFuture<Outcome<Integer>> blocker = onItsThread(() -> full.call("tiny", ctx -> {
            runs.countDown();
            awaitUnchecked(gate);
            return 0;
        }));
        awaitUnchecked(runs);

        CompletableFuture<Outcome<Integer>> first = onItsThread(() -> full.call("tiny", KEY, ctx -> 1));
        awaitUnchecked(claimed);
        CompletableFuture<Outcome<Integer>> second = onItsThread(() -> free.call("tiny", KEY, ctx -> 2));
        awaitUnchecked(met);
        assertThat(second).isNotDone();
        known.complete(null);

        assertThatThrownBy(() -> first.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(BacklogFullException.class);
        assertThat(second.get(5, TimeUnit.SECONDS))
                .as("it is told; it would ask by itself after 10 s")
                .isEqualTo(new Outcome.Done<>(2));
        gate.countDown();
        assertThat(blocker.get(20, TimeUnit.SECONDS)).isEqualTo(new Outcome.Done<>(0));
        assertThat(full.<Integer, RuntimeException>call("tiny", KEY, ctx -> 3))
                .as("the first node too has the answer of the second")
                .isEqualTo(new Outcome.Done<>(2, true));
    }

    private static CompletableFuture<Outcome<Integer>> onItsThread(Supplier<Outcome<Integer>> call) {
        return CompletableFuture.supplyAsync(call, task -> new Thread(task).start());
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
