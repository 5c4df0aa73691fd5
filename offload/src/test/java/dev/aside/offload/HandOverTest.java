package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.memory.InMemoryJobStore;
import dev.aside.offload.spi.ClaimRequest;
import dev.aside.offload.spi.Claims;
import dev.aside.offload.spi.TimeSource;
import dev.aside.offload.testing.ForwardingJobStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work that was handed over for a worker that takes its time to wake. */
@Timeout(30)
class HandOverTest {
    private final CountDownLatch awake = new CountDownLatch(1);
    private volatile Thread sleepyhead;

    private final OffloadExecutor offload = OffloadExecutor.builder()
            .time(new Sleepy())
            .workers(2)
            .platformThreads()
            .threshold(Duration.ofSeconds(30))
            .type("work", type -> type.maxConcurrent(2))
            .build();

    private Callers.Caller<Outcome<Thread>> gated(CountDownLatch started, CountDownLatch gate) {
        return Callers.start(() -> offload.call("work", ctx -> {
            started.countDown();
            gate.await();
            return Thread.currentThread();
        }));
    }

    @Test
    void workerWakesLate_anotherDoesItsWork_andItIsThereForTheNext() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        CountDownLatch bothRun = new CountDownLatch(2);
        Callers.Caller<Outcome<Thread>> one = gated(bothRun, first);
        Callers.Caller<Outcome<Thread>> two = gated(bothRun, second);
        bothRun.await();
        first.countDown();
        Thread other = one.get().fold(worker -> worker, job -> null);
        await().until(() -> offload.load().running() == 1);
        second.countDown();
        Thread last = two.get().fold(worker -> worker, job -> null); // it rests on top: it is called next
        await().until(() -> offload.load().running() == 0 && last.getState() == Thread.State.WAITING);
        sleepyhead = last;

        Callers.Caller<Outcome<Thread>> forTheSleepyhead =
                Callers.start(() -> offload.call("work", ctx -> Thread.currentThread()));
        await().until(() -> offload.load().running() == 1); // handed over, and nobody has come for it
        assertThat(offload.call("work", ctx -> Thread.currentThread())).isEqualTo(new Outcome.Done<>(other));
        assertThat(forTheSleepyhead.get()).isEqualTo(new Outcome.Done<>(other));
        assertThat(offload.load()).isEqualTo(new OffloadLoad(0, 0, 0));

        awake.countDown();
        CyclicBarrier atOnce = new CyclicBarrier(2); // both workers are needed for it
        Callers.Caller<Outcome<Integer>> three =
                Callers.start(() -> offload.call("work", ctx -> atOnce.await(10, TimeUnit.SECONDS)));
        Callers.Caller<Outcome<Integer>> four =
                Callers.start(() -> offload.call("work", ctx -> atOnce.await(10, TimeUnit.SECONDS)));
        assertThat(three.get()).isInstanceOf(Outcome.Done.class);
        assertThat(four.get()).isInstanceOf(Outcome.Done.class);
        offload.close();
    }

    @Test
    void handedOver_asTheWorkerGoesToRest_isNotForgotten() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        AtomicReference<Thread> resting = new AtomicReference<>();
        AtomicReference<Dispatcher> dispatcher = new AtomicReference<>();
        Iterable<TypeLane> holdsTheLock = () -> {
            held.countDown();
            pass(letGo);
            return Collections.emptyIterator();
        };
        // a worker that has found nothing to do asks the store for named jobs before it rests
        ForwardingJobStore store =
                new ForwardingJobStore(InMemoryJobStore.builder().build()) {
                    @Override
                    public CompletionStage<Claims> claim(ClaimRequest request) {
                        if (Thread.currentThread().getName().contains("-worker-")
                                && resting.compareAndSet(null, Thread.currentThread())) {
                            Callers.start(() -> dispatcher.get().room(holdsTheLock));
                            pass(held);
                        }
                        return super.claim(request);
                    }
                };
        try (OffloadExecutor one = OffloadExecutor.builder()
                .store(store)
                .workers(1)
                .platformThreads()
                .threshold(Duration.ofSeconds(30))
                .build()) {
            dispatcher.set(one.engine.dispatcher);
            one.jobs().handle(JobType.of("named", String.class, String.class), (payload, ctx) -> payload);
            assertThat(one.call("work", ctx -> 1)).isEqualTo(new Outcome.Done<>(1));
            await().until(() -> resting.get() != null && resting.get().getState() == Thread.State.WAITING);
            await().until(() -> Arrays.stream(resting.get().getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().equals("come")));
            CompletionStage<Outcome<Integer>> next = one.dispatch("work", CallOptions.none(), ctx -> 2);
            letGo.countDown(); // who lets go of the lock hands over what came meanwhile
            assertThat(next.toCompletableFuture().get(10, TimeUnit.SECONDS)).isEqualTo(new Outcome.Done<>(2));
        }
    }

    private static void pass(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The machine's time, but one thread does not come back from its sleep before the test says so. */
    private final class Sleepy extends ForwardingTime {
        Sleepy() {
            super(TimeSource.system());
        }

        @Override
        public void park(Object blocker) {
            super.park(blocker);
            if (Thread.currentThread() == sleepyhead) {
                try {
                    awake.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("nobody interrupts idle workers", e);
                }
            }
        }
    }
}
