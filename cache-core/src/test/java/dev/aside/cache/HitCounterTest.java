package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;

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

    /** Two that come to one stripe at the same time, over and over. */
    @Test
    void sum_twoOfOneStripeTogether_isExact() throws Exception {
        Map<Long, Thread> bySlot = new HashMap<>();
        Thread one = null;
        Thread other = null;
        while (other == null) {
            one = new Thread(() -> count(2_000_000));
            other = bySlot.putIfAbsent(one.getId() % HitCounter.STRIPES, one);
        }
        one.start();
        other.start();
        one.join();
        other.join();

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

    /** Two threads at a time come to the stripe of a dead one: one gets it, no count is lost. */
    @Test
    void sum_ownersDieWhileOthersCome_isExact() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            Thread one = started(() -> count(50));
            Thread other = started(() -> count(50));
            one.join();
            other.join();
        }

        assertThat(counter.sum()).isEqualTo(200_000);
    }

    private void count(int times) {
        for (int i = 0; i < times; i++) {
            counter.increment();
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static Thread started(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        thread.start();
        return thread;
    }
}
