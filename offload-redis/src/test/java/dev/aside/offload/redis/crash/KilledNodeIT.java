package dev.aside.offload.redis.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process is killed (SIGKILL) at each step of a job's way; another one has to end the job. */
@Timeout(120)
class KilledNodeIT {
    private final Arena arena = Arena.at(RedisServer.shared().uri());

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void killed_afterSubmit_losesNoAcceptedJob() {
        arena.process().order("submit 20").kill();
        Node other = arena.node(arena.options);
        Verdict verdict = arena.end(Arena.PATIENCE);
        print("after submit", verdict, Duration.ZERO);
        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.count(JobState.SUCCEEDED)).isEqualTo(20);
        assertThat(verdict.repeatedStarts()).isZero();
        assertThat(other.executor().load().unfinished()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"CLAIMED", "RUNNING", "EFFECT", "FINISH"})
    void killed_whileItOwnsAJob_leavesItToAnother_withinTheLease(Step step) {
        NodeProcess victim = arena.process().order("arm " + step).order("start");
        String id = arena.client.enqueue(Work.taking(1)).id();
        journalAt(step);
        arena.node(arena.options); // it looks for lost owners
        long killed = System.nanoTime();
        victim.kill();
        Awaitility.await("the loss to be seen")
                .atMost(Arena.PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> arena.record(id).crashes() == 1);
        long seen = System.nanoTime();
        Journal.Event again = arena.journal.await(
                "another start",
                Arena.PATIENCE,
                e -> e.is("start", id) && e.node().equals("n2"));
        Duration recovery = Duration.ofNanos(again.nanos() - killed);
        Verdict verdict = arena.end(Arena.PATIENCE);
        print("at " + step, verdict, recovery);
        System.out.println(
                "crash: seen after " + Duration.ofNanos(seen - killed).toMillis() + " ms");
        assertThat(verdict.violations()).isEmpty();
        JobRecord record = arena.record(id);
        assertThat(record.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(record.attempts()).isEqualTo(2);
        assertThat(record.crashes()).isEqualTo(1);
        assertThat(recovery).isLessThan(NodeOptions.LEASE.plus(Arena.GRACE));
    }

    @Test
    void killed_betweenTicketAndClaim_costsNothing_andAnotherFindsTheJobSoon() {
        NodeProcess victim = arena.process().order("start");
        RedisWaits.untilReading(1);
        victim.order("arm CLAIM");
        String id = arena.client.enqueue(Work.taking(1)).id();
        journalAt(Step.CLAIM);
        victim.kill();
        long killed = System.nanoTime();
        arena.node(arena.options);
        Journal.Event begun = arena.journal.await("a start", Arena.PATIENCE, e -> e.is("start", id));
        Verdict verdict = arena.end(Arena.PATIENCE);
        print("at CLAIM", verdict, Duration.ofNanos(begun.nanos() - killed));
        assertThat(verdict.violations()).isEmpty();
        assertThat(arena.record(id).crashes()).isZero();
        assertThat(arena.record(id).attempts()).isEqualTo(1);
        assertThat(Duration.ofNanos(begun.nanos() - killed)).isLessThan(Arena.GRACE.plusSeconds(2));
    }

    @Test
    void killed_whenItsResultIsAccepted_butNotHeardOf_isNotRunAgain() {
        NodeProcess victim = arena.process().order("arm FINISHED").order("start");
        String id = arena.client.enqueue(Work.taking(1)).id();
        journalAt(Step.FINISHED);
        victim.kill();
        Node other = arena.node(arena.options);
        Verdict verdict = arena.end(Arena.PATIENCE);
        String next = arena.client.enqueue(Work.taking(1)).id(); // ended later, so nothing of the first is under way
        arena.awaitState(next, JobState.SUCCEEDED, Arena.PATIENCE);
        print("at FINISHED", verdict, Duration.ZERO);
        assertThat(verdict.violations()).isEmpty();
        assertThat(arena.journal.count(e -> e.is("start", id))).isEqualTo(1);
        assertThat(arena.record(id).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(other.executor().load().unfinished()).isZero();
    }

    private void journalAt(Step step) {
        arena.journal.await(
                "the victim at " + step,
                Arena.PATIENCE,
                e -> e.kind().equals("at") && e.detail().equals(step.toString()));
    }

    private static void print(String where, Verdict verdict, Duration recovery) {
        System.out.print(verdict.report("killed " + where.toLowerCase(Locale.ROOT), 0));
        System.out.println("crash: begun again " + recovery.toMillis() + " ms after the kill");
    }
}
