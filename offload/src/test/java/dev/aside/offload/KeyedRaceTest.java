package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.job.JobId;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.Payload;
import dev.aside.offload.memory.InMemoryJobStore;
import dev.aside.offload.spi.Admission;
import dev.aside.offload.spi.KeyClaim;
import dev.aside.offload.spi.Owner;
import dev.aside.offload.spi.TimeSource;
import dev.aside.offload.spi.WriteAnswer;
import dev.aside.offload.testing.ForwardingJobStore;
import dev.aside.offload.testing.ManualTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
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
    private final Hesitant store = new Hesitant(
            InMemoryJobStore.builder().time(time).lease(Duration.ofSeconds(30)).build());
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
        Callers.Caller<Outcome<Integer>> blocker = blocker();
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

    private Callers.Caller<Outcome<Integer>> blocker() {
        AtomicBoolean runs = new AtomicBoolean();
        Callers.Caller<Outcome<Integer>> blocker = Callers.start(() -> offload.call("tiny", ctx -> {
            runs.set(true);
            gate.await();
            return 0;
        }));
        await().untilTrue(runs);
        return blocker;
    }

    @Test
    void keyFreedAsItIsMet_isClaimedAgain() throws Exception {
        blocker();
        CountDownLatch met = new CountDownLatch(1);
        CountDownLatch freed = new CountDownLatch(1);
        AtomicReference<Callers.Caller<Outcome<Integer>>> second = new AtomicReference<>();
        atFirstBeat.set(() -> {
            store.afterDuplicate = () -> {
                met.countDown();
                pass(freed);
            };
            second.set(Callers.start(() -> offload.call("tiny", KEY, ctx -> 2)));
            pass(met);
        });

        assertThatThrownBy(() -> offload.call("tiny", KEY, ctx -> 1)).isInstanceOf(BacklogFullException.class);
        gate.countDown();
        await().until(() -> offload.load().unfinished() == 0);
        freed.countDown();
        assertThat(second.get().get()).isEqualTo(new Outcome.Done<>(2));
    }

    @Test
    void keyMetWhileItIsGivenBack_isClaimedAgainAsSoonAsItIsFree() throws Exception {
        blocker();
        CountDownLatch met = new CountDownLatch(1);
        CountDownLatch leaving = new CountDownLatch(1);
        CountDownLatch looked = new CountDownLatch(1);
        AtomicReference<Callers.Caller<Outcome<Integer>>> second = new AtomicReference<>();
        store.beforeUntrack = () -> {
            gate.countDown();
            await().until(() -> offload.load().unfinished() == 0);
            leaving.countDown();
            pass(looked);
        };
        store.afterFind = looked::countDown;
        atFirstBeat.set(() -> {
            store.afterDuplicate = () -> {
                met.countDown();
                pass(leaving);
            };
            second.set(Callers.start(() -> offload.call("tiny", KEY, ctx -> 2)));
            pass(met);
        });

        assertThatThrownBy(() -> offload.call("tiny", KEY, ctx -> 1)).isInstanceOf(BacklogFullException.class);
        assertThat(second.get().get()).isEqualTo(new Outcome.Done<>(2)); // no time has passed
    }

    @Test
    void keyOfAJobThatIsNeverKnown_isClaimedAFewTimes_thenNotFound() {
        String id = JobId.next(time.instant(), 1);
        AtomicInteger claims = new AtomicInteger();
        store.instead = () -> {
            claims.incrementAndGet();
            return new Admission(Admission.Answer.DUPLICATE, id);
        };

        assertThatThrownBy(() -> offload.call("tiny", KEY, ctx -> 1))
                .isInstanceOf(JobNotFoundException.class)
                .hasMessage("job " + id
                        + " is not known here (any more). Hint: finished jobs are kept for a limited time.");
        assertThat(claims).hasValue(5);
        assertThat(offload.callAsync("tiny", KEY, ctx -> CompletableFuture.completedFuture(1))
                        .toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(JobNotFoundException.class);
        assertThat(claims).hasValue(10);
    }

    private static void pass(CountDownLatch latch) {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError("the other call did not come so far");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A store with steps of the test's between its own. */
    private static final class Hesitant extends ForwardingJobStore {
        private volatile Runnable afterDuplicate = () -> {};
        private volatile Runnable beforeUntrack = () -> {};
        private volatile Runnable afterFind = () -> {};
        private volatile Supplier<Admission> instead;

        Hesitant(InMemoryJobStore memory) {
            super(memory);
        }

        @Override
        public CompletionStage<Admission> track(JobRecord record, Payload payload, KeyClaim key) {
            Supplier<Admission> other = instead;
            if (other != null) {
                return CompletableFuture.completedFuture(other.get());
            }
            return super.track(record, payload, key).thenApply(admission -> {
                if (admission.answer() == Admission.Answer.DUPLICATE) {
                    afterDuplicate.run();
                }
                return admission;
            });
        }

        @Override
        public CompletionStage<WriteAnswer> untrack(String jobId, Owner owner) {
            beforeUntrack.run();
            return super.untrack(jobId, owner);
        }

        @Override
        public CompletionStage<Optional<JobRecord>> find(String jobId) {
            return super.find(jobId).whenComplete((found, failure) -> afterFind.run());
        }
    }

    /** The manual time, with a step of the test's before its first timer. */
    private final class Hooked extends ForwardingTime {
        Hooked() {
            super(time);
        }

        @Override
        public TimeSource.Timeout schedule(long deadlineNanos, Runnable action) {
            Runnable step = atFirstBeat.getAndSet(null);
            if (step != null) {
                step.run();
            }
            return super.schedule(deadlineNanos, action);
        }
    }
}
