package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.EnqueueOptions;
import dev.aside.offload.JobHandle;
import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.job.JobId;
import dev.aside.offload.job.JobKind;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.BeatAnswer;
import dev.aside.offload.spi.ClaimRequest;
import dev.aside.offload.spi.Claims;
import dev.aside.offload.spi.Holding;
import dev.aside.offload.spi.JobEnd;
import dev.aside.offload.spi.Owner;
import dev.aside.offload.spi.Submission;
import dev.aside.offload.spi.WriteAnswer;
import dev.aside.testkit.RedisServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** One shard that is out of order, a Redis that is full or frozen, payloads of no bytes, records that a failover set back. */
class TroubleIT {
    private static final JobType<String, String> MAIL = JobType.of("mail", String.class, String.class);
    private static final Payload PAYLOAD = Payload.of("\"x\"".getBytes(StandardCharsets.UTF_8), "application/json");

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static String submitted(RedisJobStore store, int shard, Payload payload, Duration delay) throws Exception {
        String id = JobId.next(Instant.parse("2026-05-01T10:00:00Z"), shard);
        get(store.submit(
                new Submission(JobRecord.builder(id, "mail").kind(JobKind.NAMED).build(), payload, delay, 0, null)));
        return id;
    }

    @Test
    void oneShardIsOutOfOrder_jobsOfTheOthersAreDone_withoutACrash() throws Exception {
        String namespace = Namespaces.next();
        AtomicInteger runs = new AtomicInteger();
        try (RedisJobStore store = RedisJobStore.builder()
                        .uri(RedisServer.shared().uri())
                        .namespace(namespace)
                        .shards(2)
                        .lease(Duration.ofSeconds(2))
                        .build();
                OffloadExecutor node = OffloadExecutor.builder()
                        .store(store)
                        .codec(JacksonPayloadCodec.create())
                        .build()) {
            RedisServer.shared().command("SET", "off:{" + namespace + "#01}:opt:mail", "broken");
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                ids.add(submitted(store, 0, PAYLOAD, Duration.ZERO));
            }
            node.jobs().handle(MAIL, (mail, ctx) -> "ran " + runs.incrementAndGet());
            Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                for (String id : ids) {
                    assertThat(get(store.find(id)).orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
                }
            });
            assertThat(runs.get()).isEqualTo(20);
            for (String id : ids) {
                assertThat(get(store.find(id)).orElseThrow().crashes()).isZero();
            }
        }
    }

    @Test
    void oneShardIsOutOfOrder_claimsDoNotAskItEachTime_untilItGivesTickets() throws Exception {
        try (RedisServer redis = RedisServer.start();
                RedisJobStore store =
                        RedisJobStore.builder().uri(redis.uri()).shards(2).build()) {
            ClaimRequest request = new ClaimRequest("a", Map.of("mail", 1), 1);
            redis.command("SET", "off:{aside#01}:opt:mail", "broken");
            get(store.claim(request));
            String refusals = errors(redis);
            for (int i = 0; i < 5; i++) {
                get(store.claim(request));
            }
            assertThat(errors(redis)).contains("WRONGTYPE").isEqualTo(refusals);
            redis.command("DEL", "off:{aside#01}:opt:mail");
            String id = submitted(store, 1, PAYLOAD, Duration.ZERO);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(3))
                    .until(() -> get(store.claim(request)).jobs().stream()
                            .anyMatch(job -> job.record().id().equals(id)));
        }
    }

    private static String errors(RedisServer redis) {
        return redis.command("INFO", "errorstats")
                .text()
                .lines()
                .filter(line -> line.startsWith("errorstat_WRONGTYPE"))
                .collect(Collectors.joining());
    }

    @Test
    void redisIsFull_runningJobsGoOn_newOnesAreRefused_andNodesComeIn() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (RedisServer redis = RedisServer.start();
                RedisJobStore store = RedisJobStore.builder()
                        .uri(redis.uri())
                        .lease(Duration.ofSeconds(2))
                        .build();
                OffloadExecutor node = OffloadExecutor.builder()
                        .store(store)
                        .codec(JacksonPayloadCodec.create())
                        .build()) {
            node.jobs().handle(MAIL, (mail, ctx) -> {
                begun.countDown();
                go.await();
                return mail;
            });
            JobHandle<String> job = node.jobs().enqueue(MAIL, "ann");
            begun.await();
            redis.command("CONFIG", "SET", "maxmemory", "1");
            Awaitility.await()
                    .pollDelay(Duration.ofSeconds(5))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> job.status().state() == JobState.RUNNING);
            assertThat(job.status().record().crashes()).isZero();
            assertThat(node.jobs().enqueueAsync(MAIL, "bob", EnqueueOptions.none()))
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableOfType(ExecutionException.class)
                    .withMessageContaining("failed");
            RedisJobStore.connect(redis.uri()).close();
            go.countDown();
            assertThat(job.await(Duration.ofSeconds(10))).isTrue();
            assertThat(job.status().state()).isEqualTo(JobState.SUCCEEDED);
        }
    }

    @Test
    void redisIsFrozen_commandsFailInTheirTime_howeverManyThereWere() throws Exception {
        try (RedisServer redis = RedisServer.start();
                RedisJobStore store = RedisJobStore.connect(redis.uri())) {
            redis.pause();
            try {
                for (int i = 0; i < 6; i++) {
                    assertThat(store.find(JobId.next(Instant.EPOCH, 0)))
                            .as("command " + i)
                            .failsWithin(Duration.ofSeconds(8))
                            .withThrowableOfType(ExecutionException.class);
                }
            } finally {
                redis.resume();
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .until(() -> get(store.find(JobId.next(Instant.EPOCH, 0))).isEmpty());
        }
    }

    @Test
    void payloadOfNoBytes_isEndedAndForgottenLikeAnyOther() throws Exception {
        try (RedisJobStore store = RedisJobStore.builder()
                .uri(RedisServer.shared().uri())
                .namespace(Namespaces.next())
                .build()) {
            String id = submitted(store, 0, Payload.of(new byte[0], "text/plain"), Duration.ZERO);
            Claims.Claimed claimed = get(store.claim(new ClaimRequest("a", Map.of("mail", 1), 1)))
                    .jobs()
                    .get(0);
            Owner owner = new Owner("a", claimed.record().epoch());
            assertThat(get(store.finish(id, owner, JobEnd.succeeded(PAYLOAD)))).isEqualTo(WriteAnswer.OK);
            assertThat(get(store.find(id)).orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
        }
    }

    @Test
    void payloadOfNoBytes_isTakenBackLikeAnyOther() throws Exception {
        try (RedisJobStore store = RedisJobStore.builder()
                .uri(RedisServer.shared().uri())
                .namespace(Namespaces.next())
                .build()) {
            String id = JobId.next(Instant.EPOCH, 0);
            JobRecord running = JobRecord.builder(id, "mail")
                    .kind(JobKind.NAMED)
                    .state(JobState.RUNNING)
                    .node("a")
                    .epoch(1)
                    .build();
            get(store.track(running, Payload.of(new byte[0], "text/plain"), null));
            assertThat(get(store.untrack(id, new Owner("a", 1)))).isEqualTo(WriteAnswer.OK);
            assertThat(get(store.find(id))).isEmpty();
        }
    }

    @Test
    void manyLargePayloads_areClaimedBitByBit() throws Exception {
        try (RedisJobStore store = RedisJobStore.builder()
                .uri(RedisServer.shared().uri())
                .namespace(Namespaces.next())
                .build()) {
            Payload large = Payload.of(new byte[64 << 10], "text/plain");
            for (int i = 0; i < 80; i++) {
                submitted(store, 0, large, Duration.ZERO);
            }
            ClaimRequest all = new ClaimRequest("a", Map.of("mail", 100), 100);
            int first = get(store.claim(all)).jobs().size();
            assertThat(first).as("4 MiB, so that it arrives in time").isBetween(60, 66);
            assertThat(get(store.claim(all)).jobs()).hasSize(80 - first);
        }
    }

    @Test
    void delayedJobWhoseClaimAFailoverLost_isStillItsRunners() throws Exception {
        String namespace = Namespaces.next();
        try (RedisJobStore store = RedisJobStore.builder()
                .uri(RedisServer.shared().uri())
                .namespace(namespace)
                .build()) {
            String id = submitted(store, 0, PAYLOAD, Duration.ofMinutes(1));
            // the runner was given it by a primary that is gone, when it was due
            Holding held = new Holding(id, 1_900_000_000_000L);
            assertThat(get(store.beat("a", List.of(held)))).containsExactly(BeatAnswer.OK);
            assertThat(get(store.find(id)).orElseThrow().state()).isEqualTo(JobState.RUNNING);
            Owner owner = new Owner("a", held.epoch());
            assertThat(get(store.finish(id, owner, JobEnd.succeeded(PAYLOAD)))).isEqualTo(WriteAnswer.OK);
            assertThat(get(store.claim(new ClaimRequest("b", Map.of("mail", 1), 1)))
                            .nextDue())
                    .as("nothing of it waits any more")
                    .isNull();
        }
    }
}
