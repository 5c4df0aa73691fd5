package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HitCounterTest {
    private final HitCounter counter = new HitCounter();

    @Test
    void sum_untouched_isZero() {
        assertThat(counter.sum()).isZero();
    }

    @Test
    void sum_ofTheCallingThread_isSeenAtOnce() {
        for (int i = 1; i <= 1_000; i++) {
            counter.increment();
            assertThat(counter.sum()).isEqualTo(i);
        }
    }

    /** More threads than there are stripes, all alive: some have to share. */
    @Test
    void sum_moreThreadsThanStripes_isExact() throws Exception {
        int threads = 200;
        CountDownLatch begin = new CountDownLatch(1);
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            all.add(started(() -> {
                begin.await();
                count(10_000);
            }));
        }
        begin.countDown();
        for (Thread thread : all) {
            thread.join();
        }

        assertThat(counter.sum()).isEqualTo(threads * 10_000L);
    }

    /** Two that come to one stripe at the same time. */
    @Test
    void sum_twoOfOneStripeTogether_isExact() throws Exception {
        List<Thread> two = ofOneStripe(2, () -> count(2_000_000));
        two.forEach(Thread::start);
        for (Thread thread : two) {
            thread.join();
        }

        assertThat(counter.sum()).isEqualTo(4_000_000);
    }

    /** Each stripe changes hands several times, and keeps what its dead owners had counted. */
    @Test
    void sum_ownersDie_keepsTheirCount() throws Exception {
        for (int i = 0; i < 300; i++) {
            started(() -> count(100)).join();
        }

        assertThat(counter.sum()).isEqualTo(30_000);
    }

    /** Two come to the stripe of a dead one: one gets it, and nothing that any of the three counts is lost. */
    @Test
    void sum_twoComeToAnOrphan_isExact() throws Exception {
        for (int i = 0; i < 500; i++) {
            CountDownLatch begin = new CountDownLatch(1);
            List<Thread> three = ofOneStripe(3, () -> {
                begin.await();
                count(20);
            });
            Thread dead = three.remove(0);
            dead.start();
            begin.countDown();
            dead.join();
            three.forEach(Thread::start);
            for (Thread thread : three) {
                thread.join();
            }
        }

        assertThat(counter.sum()).isEqualTo(30_000);
    }

    @Test
    void increment_threadIsDead_isNotKept() throws Exception {
        Thread thread = started(() -> count(1));
        WeakReference<Thread> dead = new WeakReference<>(thread);
        thread.join();
        thread = null;

        await().until(() -> {
            System.gc();
            return dead.get() == null;
        });
        assertThat(counter.sum()).isEqualTo(1);
    }

    private static List<Thread> ofOneStripe(int threads, Work work) {
        Map<Long, List<Thread>> byStripe = new HashMap<>();
        while (true) {
            Thread thread = thread(work);
            List<Thread> same =
                    byStripe.computeIfAbsent(thread.getId() % HitCounter.STRIPES, stripe -> new ArrayList<>());
            same.add(thread);
            if (same.size() == threads) {
                return same;
            }
        }
    }

    private void count(int times) {
        for (int i = 0; i < times; i++) {
            counter.increment();
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static Thread thread(Work work) {
        return new Thread(() -> {
            try {
                work.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static Thread started(Work work) {
        Thread thread = thread(work);
        thread.start();
        return thread;
    }
}
