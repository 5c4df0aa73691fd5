package dev.aside.cache.redis.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers notice of five seconds without Redis, which refuses them or does not answer. */
class OutageIT {
    private static final Duration OUTAGE = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofMillis(250);
    private static final int HOT = 50;

    private final StallMonitor stalls = new StallMonitor();
    private final AtomicInteger cold = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void outage_nobodyIsBlocked(boolean refuses) throws Exception {
        try (RaceCluster cluster = new RaceCluster()) {
            RaceNode node = cluster.node(
                    settings -> settings.staleBound(TortureNode.BOUND).commandTimeout(TIMEOUT), RaceCluster.POLICY);
            for (int i = 0; i < HOT; i++) {
                cluster.hold(node, "hot" + i);
            }
            node.read("cold key");
            node.write("written");
            stalls.take();
            if (refuses) {
                cluster.redis.kill();
            } else {
                cluster.redis.pause();
            }
            ExecutorService threads = Executors.newFixedThreadPool(3);
            List<CompletableFuture<List<Long>>> all = new ArrayList<>();
            all.add(times(threads, Duration.ofMillis(1), i -> () -> node.read("hot" + i % HOT)));
            all.add(times(threads, Duration.ofMillis(20), i -> () -> node.read("cold" + cold.incrementAndGet())));
            all.add(times(threads, Duration.ofMillis(20), i -> () -> node.writeIsPending("written" + i)));
            List<Long> hot = all.get(0).get(30, TimeUnit.SECONDS);
            List<Long> colds = all.get(1).get(30, TimeUnit.SECONDS);
            List<Long> writes = all.get(2).get(30, TimeUnit.SECONDS);
            threads.shutdown();
            Duration stall = Duration.ofNanos(stalls.take());
            System.out.printf(
                    "outage, Redis %s: hot reads p99 %.1f ms of %d, cold reads max %.0f ms of %d, writes max %.0f ms of %d;"
                            + " longest stall of the machine %d ms%n",
                    refuses ? "down" : "frozen",
                    millis(hot, 0.99),
                    hot.size(),
                    millis(colds, 1),
                    colds.size(),
                    millis(writes, 1),
                    writes.size(),
                    stall.toMillis());

            assertThat(millis(hot, 0.99)).isLessThan(50);
            // the load takes no time; one command timeout, and what a busy machine adds
            Duration slack = Duration.ofMillis(200).plus(stall.multipliedBy(2));
            assertThat(Duration.ofNanos(colds.get(colds.size() - 1))).isLessThan(TIMEOUT.plus(slack));
            assertThat(Duration.ofNanos(writes.get(writes.size() - 1)))
                    .isLessThan(TIMEOUT.multipliedBy(2).plus(slack));
        }
    }

    private interface Call {
        Callable<?> number(int i);
    }

    /** How long calls take, one after the other until the outage is over. */
    private static CompletableFuture<List<Long>> times(ExecutorService threads, Duration pause, Call call) {
        long end = System.nanoTime() + OUTAGE.toNanos();
        return CompletableFuture.supplyAsync(
                () -> {
                    List<Long> times = new ArrayList<>();
                    for (int i = 0; System.nanoTime() < end; i++) {
                        long start = System.nanoTime();
                        try {
                            call.number(i).call();
                        } catch (Exception e) {
                            throw new IllegalStateException("a call failed because of Redis", e);
                        }
                        times.add(System.nanoTime() - start);
                        World.pause(pause);
                    }
                    Collections.sort(times);
                    return times;
                },
                threads);
    }

    private static double millis(List<Long> sorted, double share) {
        return sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * share)) / 1e6;
    }
}
