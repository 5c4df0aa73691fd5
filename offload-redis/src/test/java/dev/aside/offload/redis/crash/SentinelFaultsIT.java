package dev.aside.offload.redis.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.offload.JobStoreException;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.job.JobState;
import dev.aside.offload.redis.JacksonPayloadCodec;
import dev.aside.offload.redis.RedisJobStore;
import dev.aside.testkit.RedisSentinel;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sentinel lets the replica take over while jobs flow. */
@Timeout(180)
class SentinelFaultsIT {
    private final RedisSentinel sentinel = RedisSentinel.start();
    private final Arena arena = Arena.at(sentinel.uri());

    @AfterEach
    void close() {
        arena.close();
        sentinel.close();
    }

    private void enqueue(int jobs, Work work) {
        for (int i = 0; i < jobs; i++) {
            arena.submitPatiently(work);
        }
    }

    @Test
    void replicaTakesOver_inGoodOrder_thenAfterAKill_whileItLags() {
        arena.node(arena.options);
        arena.node(arena.options);
        enqueue(40, Work.taking(30));
        sentinel.failover();
        enqueue(40, Work.taking(30));
        sentinel.awaitWatched();
        RedisServer lagging = sentinel.replica();
        lagging.pause();
        enqueue(60, Work.sized(60 << 10)); // more than the sockets hold
        RedisServer old = sentinel.primary();
        old.kill();
        lagging.resume();
        Awaiting.until("the replica to take over", () -> sentinel.primary().equals(lagging));
        enqueue(40, Work.taking(30));
        Ends.await(arena.store(), arena.journal.acked(), Arena.PATIENCE);
        Verdict verdict = Verdict.of(arena.journal, arena.store(), arena.journal.acked(), true);
        System.out.print(
                verdict.report("Sentinel failovers", 0) + "crash: " + arena.refused() + " refused at submit\n");
        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.count(JobState.SUCCEEDED) + verdict.unknown())
                .isEqualTo(arena.journal.acked().size());
    }

    @Test
    void typeThatIsReplicated_losesNoAcceptedJob_andIsRefusedWhenNoReplicaHearsIt() {
        try (RedisJobStore store = Node.store(arena.options)
                        .replicated(Set.of(Work.TYPE.name()), 1, Duration.ofSeconds(3))
                        .build();
                OffloadExecutor executor = OffloadExecutor.builder()
                        .store(store)
                        .codec(JacksonPayloadCodec.create())
                        .build()) {
            List<String> accepted = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                accepted.add(executor.jobs().enqueue(Work.TYPE, Work.taking(1)).id());
            }
            sentinel.killPrimary();
            assertThatThrownBy(() -> executor.jobs().enqueue(Work.TYPE, Work.taking(1)))
                    .as("there is no replica any more")
                    .isInstanceOf(JobStoreException.class);
            arena.node(arena.options);
            Ends.await(arena.store(), accepted, Arena.PATIENCE);
            Verdict verdict = Verdict.of(arena.journal, arena.store(), accepted, false);
            System.out.print(verdict.report("replicated type, primary killed", 0));
            assertThat(verdict.violations()).isEmpty();
            assertThat(verdict.count(JobState.SUCCEEDED)).isEqualTo(30);
        }
    }
}
