package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.job.JobId;
import dev.aside.offload.job.JobKind;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.ClaimRequest;
import dev.aside.offload.spi.Claims;
import dev.aside.offload.spi.JobEnd;
import dev.aside.offload.spi.Owner;
import dev.aside.offload.spi.Submission;
import dev.aside.offload.spi.WriteAnswer;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A process that was silent for longer than its lease, and asks for more work before anything else. */
class OwnJobsIT {
    private static final Payload PAYLOAD = Payload.of(new byte[] {1}, "text/plain");

    private final String namespace = Namespaces.next();
    private final RedisJobStore paused = store();
    private final RedisJobStore other = store();

    private RedisJobStore store() {
        return RedisJobStore.builder()
                .uri(RedisServer.shared().uri())
                .namespace(namespace)
                .lease(Duration.ofSeconds(1))
                .build();
    }

    @AfterEach
    void close() {
        paused.close();
        other.close();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private List<Claims.Claimed> claim(RedisJobStore store, String node) throws Exception {
        return get(store.claim(new ClaimRequest(node, Map.of("mail", 5), 5))).jobs();
    }

    private Claims.Claimed lost() throws Exception {
        String id = JobId.next(Instant.EPOCH, 0);
        JobRecord record = JobRecord.builder(id, "mail").kind(JobKind.NAMED).build();
        get(other.submit(new Submission(record, PAYLOAD, Duration.ZERO, 0, null)));
        Claims.Claimed claimed = claim(paused, "paused").get(0);
        await().pollInterval(Duration.ofMillis(50)).until(() -> get(other.tick()) == 1);
        return claimed;
    }

    @Test
    void claim_afterAPause_givesAProcessItsOwnJobBack_notAnew() throws Exception {
        Claims.Claimed mine = lost();
        String id = mine.record().id();
        assertThat(claim(paused, "paused")).as("it runs here already").isEmpty();
        JobRecord now = get(other.find(id)).orElseThrow();
        assertThat(now.state()).isEqualTo(JobState.RUNNING);
        assertThat(now.epoch()).isEqualTo(mine.record().epoch());
        assertThat(claim(other, "other")).isEmpty();
        Owner owner = new Owner("paused", mine.record().epoch());
        assertThat(get(paused.finish(id, owner, JobEnd.succeeded(PAYLOAD)))).isEqualTo(WriteAnswer.OK);
    }

    @Test
    void claim_afterAPause_whenAnotherHasBegun_getsOtherJobs() throws Exception {
        Claims.Claimed mine = lost();
        Claims.Claimed theirs = claim(other, "other").get(0);
        assertThat(theirs.record().id()).isEqualTo(mine.record().id());
        assertThat(claim(paused, "paused")).isEmpty();
        assertThat(get(other.find(mine.record().id())).orElseThrow().node()).isEqualTo("other");
    }

    @Test
    void claim_ofAnotherNodeOnTheSameStore_doesNotForgetWhatThePausedOneRan() throws Exception {
        Claims.Claimed mine = lost();
        get(paused.claim(new ClaimRequest("beside", Map.of("other", 1), 1)));
        assertThat(claim(paused, "paused")).as("it runs here already").isEmpty();
        assertThat(get(other.find(mine.record().id())).orElseThrow().state()).isEqualTo(JobState.RUNNING);
    }
}
