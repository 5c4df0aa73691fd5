package dev.aside.offload.redis.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process stands still (SIGSTOP) for longer than its lease and then goes on. */
@Timeout(120)
class FrozenNodeIT {
    private final Arena arena = Arena.at(RedisServer.shared().uri());
    private NodeProcess frozen;

    @AfterEach
    void close() {
        frozen.freeze(false);
        arena.close();
    }

    /** A job that runs on the frozen node, whose lease is over. */
    private String lost(int workers) {
        frozen = arena.process(arena.options.workers(workers)).order("start");
        String id = arena.client.enqueue(Work.of(Work.Mode.HOLD)).id();
        arena.journal.await("its start", Arena.PATIENCE, e -> e.is("start", id));
        frozen.freeze(true);
        Awaitility.await("the end of its lease")
                .atMost(NodeOptions.LEASE.plus(Arena.GRACE))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> Ends.get(arena.store().tick()) == 1);
        assertThat(arena.record(id).state()).isEqualTo(JobState.QUEUED);
        return id;
    }

    private Journal.Event ended(String id, String node) {
        return arena.journal.await(
                "the answer to " + node,
                Arena.PATIENCE,
                e -> e.is("finished", id) && e.node().equals(node));
    }

    @Test
    void resumed_andNobodyElseHasBegun_takesItsJobBack() {
        String id = lost(1);
        frozen.freeze(false);
        arena.awaitState(id, JobState.RUNNING, NodeOptions.LEASE.plus(Arena.GRACE));
        frozen.orderOnly("go");
        assertThat(ended(id, frozen.name).detail()).isEqualTo("OK");
        JobRecord record = arena.record(id);
        Verdict verdict = arena.end(Arena.PATIENCE);
        System.out.print(verdict.report("frozen, taken back", 0));
        assertThat(verdict.violations()).isEmpty();
        assertThat(record.attempts()).isEqualTo(1);
        assertThat(record.crashes()).as("it was no crash").isZero();
        assertThat(verdict.repeatedStarts()).isZero();
    }

    @Test
    void resumed_withRoomForMore_takesItsJobBackOrBeginsItAgain_neverBoth() {
        String id = lost(4);
        frozen.freeze(false);
        frozen.orderOnly("go");
        Verdict verdict = arena.end(Arena.PATIENCE);
        System.out.print(verdict.report("frozen, with room", 0));
        assertThat(verdict.violations()).isEmpty();
        assertThat(arena.record(id).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(arena.journal.count(e -> e.is("finished", id) && e.detail().equals("OK")))
                .isEqualTo(1);
    }

    @Test
    void resumed_whileAnotherRunsItsJob_isToldToStop_andItsLateResultIsRefused() {
        String id = lost(1);
        Node other = arena.node(arena.options);
        arena.journal.await(
                "the other start",
                Arena.PATIENCE,
                e -> e.is("start", id) && e.node().equals("n2"));
        frozen.freeze(false);
        frozen.orderOnly("go"); // it finishes, or hears first that it has lost the job
        assertThat(ended(id, frozen.name).detail()).isEqualTo("FENCED");
        assertThat(arena.record(id).state()).isEqualTo(JobState.RUNNING);
        other.go();
        assertThat(ended(id, "n2").detail()).isEqualTo("OK");
        judgeRefused(id);
    }

    @Test
    void resumed_whenAnotherHasEndedItsJob_itsLateResultIsRefused() {
        String id = lost(1);
        arena.node(arena.options).go();
        assertThat(ended(id, "n2").detail()).isEqualTo("OK");
        frozen.freeze(false);
        frozen.orderOnly("go");
        assertThat(ended(id, frozen.name).detail()).isEqualTo("FENCED");
        judgeRefused(id);
    }

    private void judgeRefused(String id) {
        JobRecord record = arena.record(id);
        Verdict verdict = arena.end(Arena.PATIENCE);
        System.out.print(verdict.report("frozen, refused", 0));
        assertThat(verdict.violations()).isEmpty();
        assertThat(record.attempts()).isEqualTo(2);
        assertThat(record.crashes()).isEqualTo(1);
        assertThat(verdict.refused()).isEqualTo(1);
    }
}
