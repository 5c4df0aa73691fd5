package dev.aside.cache.redis.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.TtlPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Four nodes with 64 readers each want the same key, whose load takes 100 ms. */
class StampedeIT {
    private static final int NODES = 4;
    private static final int READERS = 64;
    private static final Duration LOAD = Duration.ofMillis(100);
    private static final Duration TTL = Duration.ofSeconds(3);

    private final AtomicInteger loads = new AtomicInteger();

    private static TtlPolicy.Builder policy() {
        return TtlPolicy.named("stampede")
                .ttl(TTL)
                .jitter(0)
                .singleFlight(TtlPolicy.SingleFlight.CLUSTER)
                .clusterWait(Duration.ofSeconds(10));
    }

    @Test
    void stampede_coldKey_isLoadedOnce() throws Exception {
        assertLoads(policy().build(), false);
    }

    /** What is stale is kept in case of an error, but not served: all wait for the one load. */
    @Test
    void stampede_staleKeyThatIsKept_isLoadedOnce() throws Exception {
        assertLoads(policy().staleIfError(Duration.ofMinutes(1)).build(), true);
    }

    /** What is stale is served while one node loads. */
    @Test
    void stampede_staleKeyThatIsServed_isLoadedOnce() throws Exception {
        assertLoads(policy().staleWhileRevalidate(Duration.ofMinutes(1)).build(), true);
    }

    private void assertLoads(TtlPolicy policy, boolean goesStale) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(NODES * READERS);
        try (RaceCluster cluster = new RaceCluster()) {
            List<RaceNode> nodes = new ArrayList<>();
            for (int i = 0; i < NODES; i++) {
                nodes.add(cluster.node(
                        settings -> settings.staleBound(TortureNode.BOUND).commandTimeout(Duration.ofMillis(800)),
                        policy));
            }
            for (RaceNode node : nodes) {
                node.read("warm up");
            }
            int rounds = goesStale ? 2 : 1;
            for (int round = 1; round <= rounds; round++) {
                stampede(nodes, threads);
                int expected = round;
                RaceCluster.until("the load is over", () -> loads.get() >= expected);
                RaceCluster.passed(round < rounds ? TTL.plus(LOAD).plusMillis(50) : LOAD, System.nanoTime());
            }
            World.pause(LOAD.multipliedBy(2)); // a second load would be seen by now
            assertThat(loads).hasValue(rounds);
        } finally {
            threads.shutdownNow();
        }
    }

    private void stampede(List<RaceNode> nodes, ExecutorService threads) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<CompletableFuture<Item>> reads = new ArrayList<>();
        for (int i = 0; i < NODES * READERS; i++) {
            RaceNode node = nodes.get(i % NODES);
            reads.add(CompletableFuture.supplyAsync(
                    () -> {
                        await(start);
                        return node.cache.get("k", this::load);
                    },
                    threads));
        }
        start.countDown();
        for (CompletableFuture<Item> read : reads) {
            assertThat(read.get(20, TimeUnit.SECONDS).key()).isEqualTo("k");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Item load(String key) {
        loads.incrementAndGet();
        World.pause(LOAD);
        return new Item(key, 1);
    }
}
