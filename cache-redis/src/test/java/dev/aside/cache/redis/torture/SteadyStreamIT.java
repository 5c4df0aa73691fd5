package dev.aside.cache.redis.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.redis.RedisTierEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Another node invalidates 2,000 keys a second: what a reader holds of other keys stays, and stays trusted. */
@Tag("alone") // it judges what a machine manages in a second, so it shares the machine with no other test
class SteadyStreamIT {
    private static final Duration LASTS = Duration.ofSeconds(5);
    private static final int PER_SECOND = 2000;
    private static final int BATCH = 10;
    private static final int HOT = 100;

    @Test
    void steadyInvalidations_readerKeepsWhatItHolds() {
        try (RaceCluster cluster = new RaceCluster()) {
            RaceNode reader = steady(cluster);
            RaceNode writer = steady(cluster);
            for (int i = 0; i < HOT; i++) {
                cluster.hold(reader, "hot" + i);
            }
            int loads = reader.loads.get();
            int sent = 0;
            int lapses = 0;
            long start = System.nanoTime();
            CompletableFuture<?> last = CompletableFuture.completedFuture(null);
            while (System.nanoTime() - start < LASTS.toNanos()) {
                long due = (System.nanoTime() - start) * PER_SECOND / 1_000_000_000L;
                for (; sent < due; sent += BATCH) {
                    List<String> keys = IntStream.range(sent, sent + BATCH)
                            .mapToObj(i -> "other" + i)
                            .toList();
                    last = writer.cache.invalidateAllAsync(keys);
                }
                lapses += reader.trusted() ? 0 : 1;
                reader.read("hot" + sent % HOT);
                World.pause(Duration.ofMillis(2));
            }
            last.join();
            int all = sent;
            RaceCluster.until("all is applied", () -> reader.gates.applied("other" + (all - 1)));

            assertThat(sent).isGreaterThanOrEqualTo((int) (PER_SECOND * LASTS.toSeconds() * 0.9));
            assertThat(lapses).isZero();
            assertThat(reader.loads.get() - loads).isZero();
            assertThat(reader.count(RedisTierEvent.Gap.class)).isZero();
            assertThat(reader.count(RedisTierEvent.Cleared.class)).isZero();
        }
    }

    private static RaceNode steady(RaceCluster cluster) {
        return cluster.node(
                settings -> settings.staleBound(TortureNode.BOUND)
                        .commandTimeout(TortureNode.TIMEOUT)
                        .heartbeat(Duration.ofMillis(100)),
                RaceCluster.POLICY);
    }
}
