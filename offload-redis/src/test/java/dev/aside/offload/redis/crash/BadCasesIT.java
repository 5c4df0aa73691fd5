package dev.aside.offload.redis.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.offload.BacklogFullException;
import dev.aside.offload.EnqueueOptions;
import dev.aside.offload.IdempotencyKeyReusedException;
import dev.aside.offload.JobHandle;
import dev.aside.offload.JobStoreException;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.job.JobId;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.redis.JacksonPayloadCodec;
import dev.aside.offload.redis.RedisJobStore;
import dev.aside.offload.spi.JobStore;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What must go wrong in the right way. */
@Timeout(120)
class BadCasesIT {
    private static final String SHARED = RedisServer.shared().uri();

    @Test
    void poisonJob_takesThreeProcessesDown_andIsDeadWithItsReason() {
        NodeOptions options =
                NodeOptions.of(SHARED, Arena.namespace()).crashes(2).lease(Duration.ofSeconds(1));
        try (Arena arena = new Arena(options)) {
            String id = arena.client.enqueue(Work.of(Work.Mode.HALT)).id();
            for (int i = 0; i < 3; i++) {
                NodeProcess victim = arena.process();
                victim.orderOnly("start");
                victim.awaitEnd();
            }
            Awaitility.await("the last loss").until(() -> {
                Ends.get(arena.store().tick());
                return arena.record(id).state().isTerminal();
            });
            JobRecord record = arena.record(id);
            System.out.print(arena.end(Arena.PATIENCE).report("poison job", 0));
            assertThat(record.state()).isEqualTo(JobState.FAILED);
            assertThat(record.crashes()).isEqualTo(3);
            assertThat(record.attempts()).isEqualTo(3);
            assertThat(record.failures()).isZero();
            assertThat(record.reason()).isEqualTo("its process was lost");
            assertThat(record.error()).isEqualTo("owner lost");
            assertThat(arena.client.executor().jobs().dead(Work.TYPE, 10))
                    .extracting(job -> job.id())
                    .containsExactly(id);
        }
    }

    private static OffloadExecutor client(JobStore store, int maxBacklog) {
        return OffloadExecutor.builder()
                .store(store)
                .codec(JacksonPayloadCodec.create())
                .type(Work.TYPE.name(), type -> type.maxBacklog(maxBacklog))
                .build();
    }

    @Test
    void payload_tooLarge_isRefusedByType_andNothingIsStored() {
        try (Arena arena = Arena.at(SHARED)) {
            assertThatThrownBy(() -> arena.client
                            .executor()
                            .jobs()
                            .enqueueAsync(Work.TYPE, Work.sized(65 << 10), EnqueueOptions.none())
                            .toCompletableFuture()
                            .get())
                    .cause()
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("larger than the store takes");
            assertThat(RedisKeys.of(RedisServer.shared(), arena.options.namespace()))
                    .containsExactly("meta");
        }
    }

    @Test
    void backlog_isFull_byNumber_andByBytes() {
        NodeOptions options = NodeOptions.of(SHARED, Arena.namespace());
        try (RedisJobStore store = Node.store(options).maxBacklogBytes(10 << 10).build();
                OffloadExecutor few = client(store, 3);
                OffloadExecutor many = client(store, 1_000)) {
            for (int i = 0; i < 3; i++) {
                few.jobs().enqueue(Work.TYPE, Work.taking(1));
            }
            assertThatThrownBy(() -> few.jobs().enqueue(Work.TYPE, Work.taking(1)))
                    .isInstanceOfSatisfying(
                            BacklogFullException.class,
                            full -> assertThat(full.type()).isEqualTo(Work.TYPE.name()));
            many.jobs().enqueue(Work.TYPE, Work.sized(8 << 10));
            assertThatThrownBy(() -> many.jobs().enqueue(Work.TYPE, Work.sized(8 << 10)))
                    .isInstanceOf(BacklogFullException.class);
            many.jobs().enqueue(Work.TYPE, Work.taking(1)); // a small one has room
        }
    }

    @Test
    void key_withAnotherFingerprint_isATypedError_onAnyNode_andTheFirstJobStays() {
        try (Arena arena = Arena.at(SHARED)) {
            Node other = arena.node(arena.options);
            String id = enqueue(arena.client, "f1");
            assertThat(enqueue(other, "f1")).isEqualTo(id);
            assertThatThrownBy(() -> enqueue(other, "f2")).isInstanceOf(IdempotencyKeyReusedException.class);
            arena.awaitState(id, JobState.SUCCEEDED, Arena.PATIENCE);
        }
    }

    private static String enqueue(Node node, String fingerprint) {
        EnqueueOptions keyed =
                EnqueueOptions.builder().idempotencyKey("order-7", fingerprint).build();
        return node.executor().jobs().enqueue(Work.TYPE, Work.taking(1), keyed).id();
    }

    @Test
    void redisDown_atSubmit_isATypedErrorWithinASecond_andNothingIsBuffered() {
        try (RedisServer redis = RedisServer.builder().start();
                Arena arena = Arena.at(redis.uri())) {
            redis.kill();
            long longest = 0;
            for (int i = 0; i < 20; i++) {
                long begun = System.nanoTime();
                assertThatThrownBy(() -> arena.client.enqueue(Work.taking(1))).isInstanceOf(JobStoreException.class);
                longest = Math.max(longest, System.nanoTime() - begun);
            }
            System.out.println("crash: Redis down at submit, longest answer "
                    + Duration.ofNanos(longest).toMillis() + " ms");
            assertThat(Duration.ofNanos(longest)).isLessThan(Duration.ofMillis(2500)); // 1 s, and the machine's stalls
            redis.restart();
            awaitAnswer(arena);
            assertThat(RedisKeys.of(redis, arena.options.namespace()))
                    .as("nothing that was refused comes later")
                    .doesNotContain("live");
        }
    }

    @Test
    void redisFrozen_atSubmit_isATypedErrorWithinASecond() {
        try (RedisServer redis = RedisServer.builder().start();
                Arena arena = Arena.at(redis.uri())) {
            redis.pause();
            long begun = System.nanoTime();
            assertThatThrownBy(() -> arena.client.enqueue(Work.taking(1))).isInstanceOf(JobStoreException.class);
            long took = System.nanoTime() - begun;
            redis.resume();
            System.out.println("crash: Redis frozen at submit, answer "
                    + Duration.ofNanos(took).toMillis() + " ms");
            assertThat(Duration.ofNanos(took)).isLessThan(Duration.ofMillis(2500));
        }
    }

    @Test
    void redisDown_atFinish_keepsTheResult_andDeliversItLater() {
        try (RedisServer redis = RedisServer.builder()
                        .config("appendonly yes")
                        .config("appendfsync always")
                        .start();
                Arena arena = Arena.at(redis.uri())) {
            Node node = arena.node(arena.options);
            JobHandle<String> job = arena.client.enqueue(Work.of(Work.Mode.HOLD));
            arena.journal.await("its start", Arena.PATIENCE, e -> e.is("start", job.id()));
            redis.kill();
            node.go();
            arena.journal.await("its end", Arena.PATIENCE, e -> e.is("finish", job.id()));
            redis.restart();
            Journal.Event told = arena.journal.await("the answer", Arena.PATIENCE, e -> e.is("finished", job.id()));
            Verdict verdict = arena.end(Arena.PATIENCE);
            System.out.print(verdict.report("Redis down at finish", 0));
            assertThat(told.detail()).isEqualTo("OK");
            assertThat(verdict.violations()).isEmpty();
            assertThat(verdict.repeatedStarts()).isZero();
        }
    }

    @Test
    void id_unknown_isEmpty() {
        try (Arena arena = Arena.at(SHARED)) {
            String unknown = JobId.next(Instant.EPOCH, 3);
            assertThat(arena.client.executor().find(unknown)).isEmpty();
            assertThat(arena.client.executor().find("no id at all")).isEmpty();
            assertThat(arena.client.executor().jobs().find(Work.TYPE, unknown)).isEmpty();
            assertThat(arena.client.executor().jobs().rerun(unknown)).isFalse();
        }
    }

    @Test
    void redisThatEvicts_isRefusedAtTheStart_unlessAllowed() {
        try (RedisServer redis = RedisServer.builder()
                .config("maxmemory 50mb")
                .config("maxmemory-policy allkeys-lru")
                .start()) {
            NodeOptions options = NodeOptions.of(redis.uri(), Arena.namespace());
            assertThatThrownBy(() -> Node.store(options).build())
                    .isInstanceOf(JobStoreException.class)
                    .hasMessageContaining("allkeys-lru")
                    .hasMessageContaining("Hint");
            Node.store(options).allowEviction().build().close();
        }
    }

    @Test
    void shards_ofAnotherNumber_areRefused() {
        NodeOptions options = NodeOptions.of(SHARED, Arena.namespace());
        Node.store(options.shards(2)).build().close();
        for (int shards : List.of(1, 4)) {
            assertThatThrownBy(() -> Node.store(options.shards(shards)).build())
                    .isInstanceOf(JobStoreException.class)
                    .hasMessageContaining("laid out in 2 shards, not in " + shards);
        }
        Node.store(options.shards(2)).build().close();
    }

    private static void awaitAnswer(Arena arena) {
        Awaitility.await("Redis to answer")
                .ignoreExceptions()
                .until(() -> arena.client
                        .executor()
                        .find(JobId.next(Instant.EPOCH, 3))
                        .isEmpty());
    }
}
