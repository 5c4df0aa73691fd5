package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.job.JobId;
import dev.aside.offload.job.JobKind;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.ClaimRequest;
import dev.aside.offload.spi.Claims;
import dev.aside.offload.spi.Submission;
import dev.aside.testkit.FaultProxy;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Redis gives a process jobs, and the answer gets lost on the way. */
class LostAnswerIT {
    private static final ClaimRequest REQUEST = new ClaimRequest("n1", Map.of("mail", 5), 5);

    private final RedisServer redis = RedisServer.shared();
    private final FaultProxy proxy = FaultProxy.to(redis.host(), redis.port());
    private final String namespace = Namespaces.next();
    private final RedisJobStore store = store();

    private RedisJobStore store() {
        return RedisJobStore.builder()
                .uri(proxy.through(redis.uri()))
                .namespace(namespace)
                .build();
    }

    @AfterEach
    void close() {
        store.close();
        proxy.close();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void claimIsNotAnswered_theNextOneGetsTheSameJobs_andNoOwnerIsLost() throws Exception {
        assertThat(get(store.claim(REQUEST)).jobs())
                .as("Redis knows the script now")
                .isEmpty();
        String id = JobId.next(Instant.EPOCH, 0);
        JobRecord job = JobRecord.builder(id, "mail").kind(JobKind.NAMED).build();
        Payload payload = Payload.of(new byte[] {1}, "text/plain");
        get(store.submit(new Submission(job, payload, Duration.ZERO, 0, null)));
        proxy.blackHole(FaultProxy.Direction.TO_CLIENT);
        assertThatThrownBy(() -> get(store.claim(REQUEST))).hasMessageContaining("failed");
        proxy.reset();
        proxy.pass();
        await().ignoreExceptions().until(() -> get(store.find(id)).orElseThrow().state() == JobState.RUNNING);
        List<Claims.Claimed> again = get(store.claim(REQUEST)).jobs();
        assertThat(again).extracting(claimed -> claimed.record().id()).containsExactly(id);
        assertThat(again.get(0).record().attempts()).isEqualTo(1);
        assertThat(again.get(0).record().crashes()).isZero();
        assertThat(again.get(0).payload().bytes()).containsExactly(1);
    }

    @Test
    void processOfTheSameName_isNotGivenWhatTheFormerOneRan() throws Exception {
        String id = JobId.next(Instant.EPOCH, 0);
        JobRecord job = JobRecord.builder(id, "mail").kind(JobKind.NAMED).build();
        get(store.submit(new Submission(job, Payload.of(new byte[] {1}, "text/plain"), Duration.ZERO, 0, null)));
        assertThat(get(store.claim(REQUEST)).jobs()).hasSize(1);
        try (RedisJobStore next = store()) {
            assertThat(get(next.claim(REQUEST)).jobs())
                    .as("its lease has to end first, and the crash to be counted")
                    .isEmpty();
        }
    }
}
