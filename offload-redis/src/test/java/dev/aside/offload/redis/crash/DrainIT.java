package dev.aside.offload.redis.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process that ends in good order hands its jobs back at once, and that costs them nothing. */
@Timeout(120)
class DrainIT {
    /** Far longer than the test waits: who waits for it has not been handed anything. */
    private static final Duration LEASE = Duration.ofSeconds(60);

    private final Arena arena = new Arena(
            NodeOptions.of(RedisServer.shared().uri(), Arena.namespace()).lease(LEASE));

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void terminated_handsItsJobsToAnother_atOnce_andFree() {
        NodeProcess leaving = arena.process().order("start");
        List<String> jobs = new ArrayList<>();
        for (int i = 0; i < 6; i++) { // two more than it has workers
            jobs.add(arena.client.enqueue(Work.of(Work.Mode.HOLD)).id());
        }
        arena.journal.awaitAll(
                "starts", Arena.PATIENCE, Journal.atLeast(4, e -> e.kind().equals("start")));
        Node other = arena.node(arena.options.workers(8));
        other.go();
        long asked = System.nanoTime();
        leaving.terminate();
        leaving.awaitEnd();
        Verdict verdict = arena.end(Arena.PATIENCE);
        long last = arena.journal.all("start").stream()
                .mapToLong(Journal.Event::nanos)
                .max()
                .orElseThrow();
        Duration recovery = Duration.ofNanos(last - asked);
        System.out.print(verdict.report("drained", 0));
        System.out.println("crash: all begun again " + recovery.toMillis() + " ms after SIGTERM, lease " + LEASE);
        assertThat(verdict.violations()).isEmpty();
        assertThat(recovery).isLessThan(Arena.GRACE);
        for (String id : jobs) {
            JobRecord record = arena.record(id);
            assertThat(record.state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(record.attempts()).isEqualTo(1);
            assertThat(record.crashes()).isZero();
            assertThat(record.failures()).isZero();
        }
    }
}
