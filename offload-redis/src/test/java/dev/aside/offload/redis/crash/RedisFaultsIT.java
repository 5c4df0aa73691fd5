package dev.aside.offload.redis.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.job.JobState;
import dev.aside.testkit.FaultProxy;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Redis, or the way to it, fails in the middle of the work of two nodes; each node has a way of its own. */
@Timeout(120)
class RedisFaultsIT {
    private static final long SEED = Long.getLong("torture.seed", 2026);
    private static final int JOBS = 60;

    private final RedisServer redis = RedisServer.builder()
            .config("appendonly yes")
            .config("appendfsync always")
            .start();
    private final Arena arena = Arena.at(redis.uri());
    private final List<FaultProxy> proxies = new ArrayList<>();
    private final Random random = new Random(SEED);

    @AfterEach
    void close() {
        arena.close();
        proxies.forEach(FaultProxy::close);
        redis.close();
    }

    private Node node() {
        FaultProxy proxy = FaultProxy.to(redis.host(), redis.port());
        proxies.add(proxy);
        return arena.node(arena.options.uri(proxy.through(redis.uri())));
    }

    /** Hands jobs in, with something happening before some of them. */
    private Verdict flow(String name, IntConsumer before) {
        node();
        node();
        for (int i = 0; i < JOBS; i++) {
            before.accept(i);
            arena.submitPatiently(Work.taking(20 + random.nextInt(60)));
        }
        Verdict verdict = arena.end(Arena.PATIENCE);
        String report = verdict.report(name, SEED);
        System.out.print(report + "crash: " + arena.refused() + " refused at submit\n");
        assertThat(verdict.violations()).as(report).isEmpty();
        assertThat(verdict.count(JobState.SUCCEEDED))
                .isEqualTo(arena.journal.acked().size());
        return verdict;
    }

    private static void pass(long millis) {
        Awaiting.pass(Duration.ofMillis(millis));
    }

    @Test
    void killedAndBack_withItsData_losesNothing() {
        flow("Redis killed, data kept", i -> {
            if (i == 20 || i == 40) {
                redis.kill();
                redis.restart();
            }
        });
    }

    @Test
    void standsStill_forLongerThanALease_thenAllGoesOn() {
        flow("Redis frozen", i -> {
            if (i == 30) {
                redis.pause();
                pass(NodeOptions.LEASE.toMillis() + 1_000);
                redis.resume();
            }
        });
    }

    @Test
    void forgetsItsScripts_isTaughtThemAgain() {
        Verdict verdict = flow("scripts flushed", i -> redis.command("SCRIPT", "FLUSH"));
        assertThat(verdict.repeatedStarts()).isZero();
    }

    @Test
    void connectionsAreReset_againAndAgain() {
        flow("connections reset", i -> {
            if (i % 6 == 3) {
                proxies.get(random.nextInt(2)).reset();
                pass(50);
            }
        });
    }

    @Test
    void connectionsAreCut_inTheMiddleOfAnswers() {
        flow("answers cut", i -> {
            if (i % 6 == 3) {
                proxies.get(random.nextInt(2)).resetAfter(1 + random.nextInt(2_000));
            }
        });
    }

    @Test
    void oneNode_isInABlackHole_forLongerThanItsLease() {
        flow("black hole", i -> {
            if (i == 20) {
                proxies.get(0).blackHole();
            }
            if (i == 40) {
                pass(NodeOptions.LEASE.toMillis() + 1_000);
                proxies.get(0).pass();
            }
        });
    }

    @Test
    void oneNode_hearsNoAnswers_forAWhile() {
        flow("answers lost", i -> {
            if (i == 20) {
                proxies.get(0).blackHole(FaultProxy.Direction.TO_CLIENT);
            }
            if (i == 40) {
                pass(NodeOptions.LEASE.toMillis() + 1_000);
                proxies.get(0).pass();
            }
        });
    }

    @Test
    void connections_areHalfOpen_forLongerThanALease() {
        flow("half-open", i -> {
            if (i == 20) {
                proxies.get(random.nextInt(2)).halfOpen();
            }
            if (i == 40) {
                pass(NodeOptions.LEASE.toMillis() + 1_000);
                proxies.forEach(FaultProxy::pass);
            }
        });
    }

    @Test
    void everyCommand_isSentTwice_andEachCountsOnce() {
        NodeOptions patient = arena.options.lease(Duration.ofSeconds(60)); // whatever the machine does, nobody is lost
        arena.node(patient, TwiceStore::new);
        arena.node(patient, TwiceStore::new);
        for (int i = 0; i < JOBS; i++) {
            arena.client.enqueue(Work.taking(10));
        }
        Verdict verdict = arena.end(Arena.PATIENCE);
        System.out.print(verdict.report("every command twice", SEED));
        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.count(JobState.SUCCEEDED)).isEqualTo(JOBS);
        assertThat(verdict.repeatedStarts()).isZero();
        assertThat(verdict.crashes()).isZero();
    }
}
