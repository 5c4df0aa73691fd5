package dev.aside.offload.redis.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

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

    /** They wait more than they work, so all at once. */
    @TestFactory
    Stream<DynamicTest> killed_whileItOwnsAJob_leavesItToAnother_withinTheLease() {
        ExecutorService threads = Executors.newCachedThreadPool();
        List<DynamicTest> tests = new ArrayList<>();
        for (Step step : List.of(Step.CLAIMED, Step.RUNNING, Step.EFFECT, Step.FINISH)) {
            Future<?> run = threads.submit(() -> {
                try (Arena own = Arena.at(RedisServer.shared().uri())) {
                    killAt(step, own);
                }
            });
            tests.add(DynamicTest.dynamicTest(step.toString(), () -> run.get(100, TimeUnit.SECONDS)));
        }
        threads.shutdown();
        return tests.stream();
    }

    private static void killAt(Step step, Arena arena) {
        NodeProcess victim = arena.process().order("arm " + step).order("start");
        String id = arena.client.enqueue(Work.taking(1)).id();
        awaitAt(arena, step);
        arena.node(arena.options); // it looks for lost owners
        long killed = System.nanoTime();
        victim.kill();
        Journal.Event again = arena.journal.await(
                "another start",
                Arena.PATIENCE,
                e -> e.is("start", id) && e.node().equals("n2"));
        Duration recovery = Duration.ofNanos(again.nanos() - killed);
        Verdict verdict = arena.end(Arena.PATIENCE);
        print("at " + step, verdict, recovery);
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
        awaitAt(arena, Step.CLAIM);
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
        awaitAt(arena, Step.FINISHED);
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

    private static void awaitAt(Arena arena, Step step) {
        arena.journal.await(
                "the victim at " + step,
                Arena.PATIENCE,
                e -> e.kind().equals("at") && e.detail().equals(step.toString()));
    }

    private static void print(String where, Verdict verdict, Duration recovery) {
        System.out.print(verdict.report("killed " + where.toLowerCase(Locale.ROOT), 0));
        if (!recovery.isZero()) {
            System.out.println("crash: begun again " + recovery.toMillis() + " ms after the kill");
        }
    }
}
