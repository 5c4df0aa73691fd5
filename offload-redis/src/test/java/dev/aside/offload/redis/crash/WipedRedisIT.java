package dev.aside.offload.redis.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.job.JobState;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Redis comes back without its data: what was there is unknown, never pending for ever, and everything works anew. */
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
    void killed_withoutItsData_forgetsWaitingJobs_knowsRunningOnesAgain_andTakesNewOnes() {
        Node node = arena.node(arena.options.workers(2));
        for (int i = 0; i < 5; i++) {
            arena.client.enqueue(Work.of(Work.Mode.HOLD));
        }
        arena.journal.awaitAll(
                "starts", Arena.PATIENCE, Journal.atLeast(2, e -> e.kind().equals("start")));
        List<String> running = arena.journal.all("start").stream()
                .map(Journal.Event::jobId)
                .distinct()
                .toList();
        List<String> waiting = new ArrayList<>(arena.journal.acked());
        waiting.removeAll(running);
        redis.kill();
        redis.restart();
        Awaiting.until(
                "Redis to know those again that run, and none else",
                () -> Ends.of(arena.store(), running).stream()
                                .allMatch(job -> job.filter(known -> known.state() == JobState.RUNNING)
                                        .isPresent())
                        && Ends.of(arena.store(), waiting).stream().allMatch(Optional::isEmpty));
        running.forEach(job -> Ends.get(arena.store().cancel(job, "enough")));
        Awaiting.until("them to stop", () -> node.executor().load().unfinished() == 0);
        String next = arena.submitPatiently(Work.taking(1));
        arena.awaitState(next, JobState.SUCCEEDED, NodeOptions.LEASE.plus(Arena.GRACE));
        Verdict verdict = Verdict.of(arena.journal, arena.store(), arena.journal.acked(), true);
        System.out.print(verdict.report("Redis killed, data lost", 0));
        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.unknown()).isEqualTo(3);
        assertThat(verdict.count(JobState.CANCELLED)).isEqualTo(2);
        assertThat(verdict.count(JobState.SUCCEEDED)).isEqualTo(1);
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
