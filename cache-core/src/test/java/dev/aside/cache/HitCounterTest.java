package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HitCounterTest {
    private final HitCounter counter = new HitCounter();

    private Thread counting(int times) {
        return new Thread(() -> {
            for (int i = 0; i < times; i++) {
                counter.increment();
            }
        });
    }

    @Test
    void increment_ofManyThreadsAtATime_isExact() throws Exception {
        CyclicBarrier start = new CyclicBarrier(200); // more than there are places
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                for (int n = 0; n < 20_000; n++) {
                    counter.increment();
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(counter.sum()).isEqualTo(200 * 20_000L);
    }

    /** Each of them finds the place of one that has ended, and takes it over at some time. */
    @Test
    void increment_ofThreadsOneAfterTheOther_isExact() throws Exception {
        for (int i = 0; i < 300; i++) {
            Thread thread = counting(5_000);
            thread.start();
            thread.join();
        }
        assertThat(counter.sum()).isEqualTo(300 * 5_000L);
    }

    @Test
    void sum_whileThreadsCount_neverFalls() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Thread spawner = new Thread(() -> {
            for (int i = 0; i < 300; i++) {
                Thread thread = counting(3_000);
                thread.start();
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            over.set(true);
        });
        spawner.start();
        long last = 0;
        while (!over.get()) {
            long now = counter.sum();
            assertThat(now).isGreaterThanOrEqualTo(last);
            last = now;
        }
        spawner.join();
        assertThat(counter.sum()).isEqualTo(300 * 3_000L);
    }
}
