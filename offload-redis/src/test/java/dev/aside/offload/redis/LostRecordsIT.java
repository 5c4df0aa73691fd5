package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.JobHandle;
import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.Outcome;
import dev.aside.offload.job.JobId;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.spi.BeatAnswer;
import dev.aside.offload.spi.Holding;
import dev.aside.offload.testing.ManualTime;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redis comes back without its data while work goes on. */
class LostRecordsIT {
    private static final JobType<String, String> MAIL = JobType.of("mail", String.class, String.class);

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private RedisServer redis;
    private RedisJobStore store;
    private OffloadExecutor node;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        store = RedisJobStore.builder()
                .uri(redis.uri())
                .lease(Duration.ofSeconds(3))
                .build();
        node = OffloadExecutor.builder()
                .store(store)
                .codec(JacksonPayloadCodec.create())
                .drain(Duration.ofSeconds(1))
                .build();
    }

    @AfterEach
    void stop() {
        go.countDown();
        node.close();
        store.close();
        redis.close();
    }

    private void restartEmpty() {
        redis.kill();
        redis.restart();
        assertThat(redis.command("DBSIZE").toString()).contains("0");
    }

    private void await(String jobId, JobState state) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(node.find(jobId))
                        .hasValueSatisfying(job -> assertThat(job.state()).isEqualTo(state)));
    }

    @Test
    void promotedCall_isKnownAgain_andItsResultArrives() throws Exception {
        Outcome<String> outcome = node.call("report", ctx -> {
            go.await();
            return "done";
        });
        JobHandle<String> job = ((Outcome.Promoted<String>) outcome).job();
        restartEmpty();
        await(job.id(), JobState.RUNNING);
        go.countDown();
        await(job.id(), JobState.SUCCEEDED);
        assertThat(job.result()).isEqualTo("done");
    }

    @Test
    void claimedJob_goesOn_andIsNotRunTwice() throws Exception {
        node.jobs().handle(MAIL, (mail, ctx) -> {
            begun.countDown();
            go.await();
            return mail + " " + ctx.attempt();
        });
        JobHandle<String> job = node.jobs().enqueue(MAIL, "ann");
        begun.await();
        restartEmpty();
        await(job.id(), JobState.RUNNING);
        go.countDown();
        await(job.id(), JobState.SUCCEEDED);
        assertThat(job.result()).isEqualTo("ann 1");
    }

    @Test
    void awayForMinutes_whatRunsIsKnownAgainAllTheSame() {
        ManualTime time = new ManualTime();
        try (RedisJobStore patient = RedisJobStore.builder()
                .uri(redis.uri())
                .namespace(Namespaces.next())
                .time(time)
                .build()) {
            String id = JobId.next(Instant.EPOCH, 0);
            JobRecord running = JobRecord.builder(id, "report")
                    .state(JobState.RUNNING)
                    .node("a")
                    .epoch(1)
                    .build();
            patient.track(running, null, null).toCompletableFuture().join();
            redis.kill();
            Awaitility.await().until(() -> find(patient, id).isCompletedExceptionally());
            time.advance(Duration.ofMinutes(5));
            redis.restart();
            Awaitility.await().until(() -> !find(patient, id).isCompletedExceptionally());
            assertThat(patient.beat("a", List.of(new Holding(id, 1))))
                    .succeedsWithin(Duration.ofSeconds(5))
                    .isEqualTo(List.of(BeatAnswer.OK));
        }
    }

    private static CompletableFuture<?> find(RedisJobStore store, String id) {
        CompletableFuture<?> found = store.find(id).toCompletableFuture();
        Awaitility.await().until(found::isDone);
        return found;
    }
}
