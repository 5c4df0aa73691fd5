package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The waiting thread runs what arrives, and hands over to others only what comes after it has left. */
class CallerExecutorTest {
    private final List<Runnable> handedOver = new CopyOnWriteArrayList<>();
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private final CallerExecutor caller = new CallerExecutor(handedOver::add);

    @Test
    void runUntilDone_stepsOfAnotherThread_runHereInOrder() {
        List<Thread> threads = new ArrayList<>();
        new Thread(() -> {
                    caller.execute(() -> threads.add(Thread.currentThread()));
                    caller.execute(() -> {
                        threads.add(Thread.currentThread());
                        end.complete("done");
                    });
                })
                .start();

        caller.runUntilDone(end);

        assertThat(threads).containsExactly(Thread.currentThread(), Thread.currentThread());
        assertThat(handedOver).isEmpty();
    }

    @Test
    void runUntilDone_endedByAnotherThreadWithoutAStep_returns() {
        new Thread(() -> end.complete("done")).start();

        caller.runUntilDone(end);

        assertThat(end).isCompleted();
        assertThat(handedOver).isEmpty();
    }

    @Test
    void execute_afterTheCallerLeft_isHandedOver() {
        end.complete("done");
        caller.runUntilDone(end);

        caller.execute(() -> {});

        assertThat(handedOver).hasSize(1);
    }

    @Test
    void runUntilDone_interrupted_goesOnAndKeepsTheInterrupt() {
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread waiting = Thread.currentThread();
        new Thread(() -> {
                    waiting.interrupt();
                    interrupted.countDown();
                })
                .start();
        caller.execute(() -> {
            while (interrupted.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        new Thread(() -> caller.execute(() -> end.complete("done"))).start();

        caller.runUntilDone(end);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(end).isCompleted();
    }
}
