package dev.aside.offload.redis.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.job.JobState;
import dev.aside.offload.redis.ClusterUri;
import dev.aside.testkit.RedisCluster;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Primaries of a cluster are lost, and slots move, while jobs flow. */
@Timeout(180)
class ClusterFaultsIT {
    private static final int SHARDS = 4;
    private static final int JOBS = 80;

    private static Arena arena(RedisCluster cluster) {
        return new Arena(
                NodeOptions.of(ClusterUri.of(cluster), Arena.namespace()).shards(SHARDS));
    }

    private static String metaOf(Arena arena, int shard) {
        return "off:{" + arena.options.namespace() + "#0" + shard + "}:meta";
    }

    private static Verdict flow(Arena arena, String name, boolean lossy, IntConsumer before) {
        arena.node(arena.options);
        arena.node(arena.options);
        for (int i = 0; i < JOBS; i++) {
            before.accept(i);
            arena.submitPatiently(Work.taking(30));
        }
        Verdict verdict = lossy ? arena.endOfLossy(Arena.PATIENCE) : arena.end(Arena.PATIENCE);
        String report = verdict.report(name, 0);
        System.out.print(report + "crash: " + arena.refused() + " refused at submit\n");
        assertThat(verdict.violations()).as(report).isEmpty();
        assertThat(verdict.count(JobState.SUCCEEDED) + verdict.unknown())
                .isEqualTo(arena.journal.acked().size());
        return verdict;
    }

    @Test
    void replicasTakeOver_inGoodOrderAndAfterAKill_allJobsEnd() {
        try (RedisCluster cluster = RedisCluster.startWithReplicas();
                Arena arena = arena(cluster)) {
            flow(arena, "cluster primaries replaced and killed", true, i -> {
                if (i == 25) {
                    cluster.failover(metaOf(arena, 0));
                }
                if (i == 50) {
                    cluster.killMasterOf(metaOf(arena, 1));
                }
            });
        }
    }

    @Test
    void slotMoves_slowly_withAllJobsInIt_andNothingIsLost() {
        try (RedisCluster cluster = RedisCluster.start();
                Arena arena = arena(cluster)) {
            String meta = metaOf(arena, 0);
            Verdict verdict = flow(arena, "slot moved twice", false, i -> {
                if (i == 25 || i == 55) {
                    RedisServer from = cluster.masterOf(meta);
                    List<RedisServer> others = cluster.nodes().stream()
                            .filter(node -> !node.equals(from))
                            .toList();
                    SlotMove move = new SlotMove(cluster, meta, from, others.get(i % 2));
                    int keys = move.run(Duration.ofMillis(15));
                    System.out.println("crash: moved " + keys + " keys of a slot");
                }
            });
            assertThat(verdict.unknown()).isZero();
        }
    }
}
