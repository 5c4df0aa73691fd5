package dev.aside.offload.redis.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Redis comes back without its data: what waited is unknown, never pending for ever, and everything works anew. */
@Timeout(120)
class WipedRedisIT {
    private final RedisServer redis = RedisServer.builder().start();
    private final Arena arena = Arena.at(redis.uri());

    @AfterEach
    void close() {
        arena.close();
        redis.close();
    }

    @Test
    void killed_withoutItsData_forgetsWhatWaited_keepsWhatRuns_andTakesNewJobs() {
        Node node = arena.node(arena.options.workers(2));
        for (int i = 0; i < 5; i++) {
            arena.client.enqueue(Work.of(Work.Mode.HOLD));
        }
        arena.journal.awaitAll(
                "starts", Arena.PATIENCE, Journal.atLeast(2, e -> e.kind().equals("start")));
        List<String> before = arena.journal.acked();
        redis.kill();
        redis.restart();
        Awaiting.until(
                "what runs to be known again, and nothing else",
                () -> statesOf(before).equals(List.of(JobState.RUNNING, JobState.RUNNING)));
        node.go();
        String next = arena.submitPatiently(Work.taking(1));
        arena.awaitState(next, JobState.SUCCEEDED, NodeOptions.LEASE.plus(Arena.GRACE));
        Verdict verdict = arena.endOfLossy(Arena.PATIENCE);
        System.out.print(verdict.report("Redis killed, data lost", 0));
        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.unknown()).isEqualTo(3);
        assertThat(verdict.count(JobState.SUCCEEDED)).isEqualTo(3);
        assertThat(verdict.repeatedStarts()).isZero();
    }

    private List<JobState> statesOf(List<String> jobs) {
        return Ends.of(arena.store(), jobs).stream()
                .flatMap(Optional::stream)
                .map(JobRecord::state)
                .toList();
    }

    @Test
    void flushed_whileNodesWaitForTickets_theyHearOfNewJobsSoon() {
        arena.node(arena.options);
        RedisWaits.untilReading(redis, 1);
        redis.command("FLUSHALL");
        long begun = System.nanoTime();
        String next = arena.submitPatiently(Work.taking(1));
        arena.awaitState(next, JobState.SUCCEEDED, Arena.PATIENCE);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        System.out.println("crash: all keys deleted, the next job is done after " + took.toMillis() + " ms");
        assertThat(took).isLessThan(Arena.GRACE);
    }
}
