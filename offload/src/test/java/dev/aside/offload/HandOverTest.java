package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
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

    /** The machine's time, but one thread does not come back from its sleep before the test says so. */
    private final class Sleepy implements TimeSource {
        private final TimeSource system = TimeSource.system();

        @Override
        public long nanoTime() {
            return system.nanoTime();
        }

        @Override
        public Instant instant() {
            return system.instant();
        }

        @Override
        public void parkUntil(Object blocker, long deadlineNanos) {
            system.parkUntil(blocker, deadlineNanos);
        }

        @Override
        public void park(Object blocker) {
            system.park(blocker);
            if (Thread.currentThread() == sleepyhead) {
                try {
                    awake.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("nobody interrupts idle workers", e);
                }
            }
        }

        @Override
        public TimeSource.Timeout schedule(long deadlineNanos, Runnable action) {
            return system.schedule(deadlineNanos, action);
        }

        @Override
        public void close() {
            system.close();
        }
    }
}
