package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that have nothing to do: how long they stay, and that no work is given to one that leaves. */
@Timeout(60)
class IdleWorkersTest {
    private static final Duration PERIOD = Duration.ofSeconds(30);

    private final ManualTime time = new ManualTime();
    private final CountDownLatch awake = new CountDownLatch(1);
    private volatile Thread sleepyhead;

    private final OffloadExecutor offload = OffloadExecutor.builder()
            .time(new Sleepy())
            .workers(4)
            .platformThreads()
            .threshold(Duration.ofMinutes(1))
            .type("work", type -> type.maxConcurrent(4))
            .build();

    @AfterEach
    void close() {
        awake.countDown();
        offload.close();
    }

    /** So many workers that have just come to rest, the one on top of the stack last. */
    private List<Thread> rested(int workers) throws Exception {
        CyclicBarrier together = new CyclicBarrier(workers + 1);
        List<CountDownLatch> ends = new ArrayList<>();
        List<Callers.Caller<Outcome<Thread>>> calls = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            CountDownLatch end = new CountDownLatch(1);
            ends.add(end);
            calls.add(Callers.start(() -> offload.call("work", ctx -> {
                together.await();
                end.await();
                return Thread.currentThread();
            })));
        }
        together.await();
        Set<Thread> threads = new LinkedHashSet<>();
        for (int i = 0; i < workers; i++) {
            ends.get(i).countDown();
            Thread worker = worker(calls.get(i).get());
            threads.add(worker);
            await().until(() -> worker.getState() == Thread.State.WAITING);
        }
        assertThat(threads).hasSize(workers);
        return List.copyOf(threads);
    }

    /** Where the call ran, inline or as a job, as the time passes. */
    private static Thread worker(Outcome<Thread> outcome) throws Exception {
        CompletionStage<Thread> end = outcome.fold(CompletableFuture::completedFuture, JobHandle::completion);
        return end.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private Thread worker() throws Exception {
        return worker(offload.call("work", ctx -> Thread.currentThread()));
    }

    @Test
    void idleForAWholePeriod_allEnd_andNoTimerIsLeft() throws Exception {
        List<Thread> workers = rested(3);
        assertThat(time.timers()).isEqualTo(1);
        time.advance(PERIOD);
        assertThat(workers).allMatch(Thread::isAlive);
        assertThat(time.timers()).isEqualTo(1);
        time.advance(PERIOD);
        for (Thread worker : workers) {
            worker.join(10_000);
        }
        assertThat(workers).noneMatch(Thread::isAlive);
        time.advance(PERIOD);
        assertThat(time.timers()).isZero();

        assertThat(workers).doesNotContain(worker());
        await().until(() -> time.timers() == 1); // the new one does not stay for ever either
    }

    @Test
    void usedMeanwhile_stays_theOthersEnd() throws Exception {
        List<Thread> workers = rested(3);
        Thread top = workers.get(2);
        time.advance(PERIOD);
        assertThat(worker()).isSameAs(top);
        await().until(() -> top.getState() == Thread.State.WAITING);
        time.advance(PERIOD);
        workers.get(0).join(10_000);
        workers.get(1).join(10_000);
        assertThat(workers).filteredOn(Thread::isAlive).containsExactly(top);
        assertThat(worker()).isSameAs(top);
    }

    @Test
    void calledBeforeTheSweep_awakeAfterIt_doesItsWork() throws Exception {
        sleepyhead = rested(1).get(0);
        time.advance(PERIOD);
        Callers.Caller<Outcome<Thread>> call = Callers.start(() -> offload.call("work", ctx -> Thread.currentThread()));
        await().until(() -> offload.load().running() == 1); // handed over, and nobody has come for it
        time.advance(PERIOD);
        time.advance(PERIOD);
        awake.countDown();
        assertThat(worker(call.get())).isSameAs(sleepyhead);
    }

    @Test
    void endedBySweep_notAwakeYet_getsNoWork() throws Exception {
        sleepyhead = rested(1).get(0);
        time.advance(PERIOD);
        time.advance(PERIOD);
        Callers.Caller<Outcome<Thread>> call = Callers.start(() -> offload.call("work", ctx -> Thread.currentThread()));
        assertThat(worker(call.get())).isNotSameAs(sleepyhead);
        awake.countDown();
        sleepyhead.join(10_000);
        assertThat(sleepyhead.isAlive()).isFalse();
    }

    @Test
    void closed_idleWorkersEnd_andThoseThatComeToRest() throws Exception {
        List<Thread> workers = rested(2);
        CountDownLatch runs = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Callers.Caller<Outcome<Thread>> last = Callers.start(() -> offload.call("work", ctx -> {
            runs.countDown();
            end.await();
            return Thread.currentThread();
        }));
        runs.await();
        Callers.Caller<Boolean> closing = Callers.start(() -> {
            offload.close();
            return true;
        });
        workers.get(0).join(10_000); // the bottom one; the other one works
        assertThat(workers.get(0).isAlive()).isFalse();
        end.countDown();
        assertThat(worker(last.get())).isSameAs(workers.get(1));
        workers.get(1).join(10_000);
        assertThat(workers.get(1).isAlive()).isFalse();
        assertThat(closing.get()).isTrue();
    }

    /** Sweeps follow each other without a pause, so that workers rest, are called and end at the same moments. */
    @Test
    void callsRacingSweeps_noneIsLost_andAllWorkersEnd() throws Exception {
        Set<Thread> workers = ConcurrentHashMap.newKeySet();
        for (int round = 0; round < 20; round++) {
            CountDownLatch over = new CountDownLatch(3);
            for (int c = 0; c < 3; c++) {
                Callers.start(() -> {
                    for (int i = 0; i < 200; i++) {
                        workers.add(worker());
                    }
                    over.countDown();
                    return true;
                });
            }
            for (int turns = 0; turns < 50 || over.getCount() > 0; turns++) {
                if (turns < 50) {
                    time.advance(PERIOD);
                } else {
                    assertThat(over.await(10, TimeUnit.SECONDS))
                            .as("a call was lost")
                            .isTrue();
                }
            }
            await().until(() -> workers.stream()
                    .noneMatch(worker -> worker.isAlive() && worker.getState() != Thread.State.WAITING));
            time.advance(PERIOD);
            time.advance(PERIOD);
            await("in round " + round + " a worker is forgotten")
                    .until(() -> workers.stream().noneMatch(Thread::isAlive));
            workers.clear();
        }
    }

    /** Time turned by hand; one thread does not come back from its rest before the test says so. */
    private final class Sleepy extends ForwardingTime {
        Sleepy() {
            super(time);
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
