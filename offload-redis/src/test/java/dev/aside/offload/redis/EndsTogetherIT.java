package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.offload.JobStoreException;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ends that are written by one script, because they came while another was under way. */
class EndsTogetherIT {
    private static final Payload TEXT = Payload.of("\"x\"".getBytes(StandardCharsets.UTF_8), "application/json");
    private static final String NODE = "n1";

    private final RedisServer redis = RedisServer.start();
    private final String namespace = Namespaces.next();
    private final RedisJobStore store = RedisJobStore.builder()
            .uri(redis.uri())
            .namespace(namespace)
            .shards(1)
            .build();

    @AfterEach
    void close() {
        store.close();
        redis.close();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private List<JobRecord> claimed(int jobs) throws Exception {
        for (int i = 0; i < jobs; i++) {
            String id = JobId.next(Instant.parse("2026-05-01T10:00:00Z"), 0);
            JobRecord record = JobRecord.builder(id, "mail").kind(JobKind.NAMED).build();
            get(store.submit(new Submission(record, TEXT, Duration.ZERO, 0, null)));
        }
        List<JobRecord> records = new ArrayList<>();
        for (Claims.Claimed job : get(store.claim(new ClaimRequest(NODE, Map.of("mail", jobs), jobs)))
                .jobs()) {
            records.add(job.record());
        }
        assertThat(records).hasSize(jobs);
        return records;
    }

    /** All of them, while the server answers nobody: the first one is under way and the others wait for it. */
    private List<CompletableFuture<WriteAnswer>> together(List<JobRecord> jobs) {
        redis.command("CLIENT", "PAUSE", "300", "ALL");
        return jobs.stream()
                .map(job -> store.finish(job.id(), new Owner(NODE, job.epoch()), JobEnd.succeeded(TEXT))
                        .toCompletableFuture())
                .toList();
    }

    private long scripts() {
        String stats = redis.command("INFO", "commandstats").text();
        String calls = stats.substring(stats.indexOf("cmdstat_evalsha:calls=") + "cmdstat_evalsha:calls=".length());
        return Long.parseLong(calls.substring(0, calls.indexOf(',')));
    }

    @Test
    void finish_ofManyAtATime_isFewScripts_andEachHasItsAnswer() throws Exception {
        List<JobRecord> jobs = claimed(40);
        JobRecord foreign = jobs.get(7);
        get(store.retry(foreign.id(), new Owner(NODE, foreign.epoch()), Duration.ZERO, "again"));
        long before = scripts();
        List<CompletableFuture<WriteAnswer>> answers = together(jobs);
        for (int i = 0; i < jobs.size(); i++) {
            assertThat(get(answers.get(i))).isEqualTo(i == 7 ? WriteAnswer.FENCED : WriteAnswer.OK);
            assertThat(get(store.find(jobs.get(i).id())).orElseThrow().state())
                    .isEqualTo(i == 7 ? JobState.QUEUED : JobState.SUCCEEDED);
        }
        assertThat(scripts() - before).isLessThan(10);
    }

    @Test
    void finish_oneThatRedisRefuses_holdsUpNoneThatCameWithIt() throws Exception {
        List<JobRecord> jobs = claimed(5);
        String prefix = new Layout(namespace, 1).prefix(0);
        String spoilt = new Layout(namespace, 1).result(jobs.get(2).id());
        redis.command("SET", spoilt, "no hash");
        List<CompletableFuture<WriteAnswer>> answers = together(jobs);
        for (int i : List.of(0, 1, 3, 4)) {
            assertThat(get(answers.get(i))).isEqualTo(WriteAnswer.OK);
        }
        assertThatThrownBy(() -> get(answers.get(2)))
                .hasCauseInstanceOf(JobStoreException.class)
                .hasStackTraceContaining("WRONGTYPE");
        redis.command("DEL", spoilt);
        Owner owner = new Owner(NODE, jobs.get(2).epoch());
        assertThat(get(store.finish(jobs.get(2).id(), owner, JobEnd.succeeded(TEXT))))
                .isEqualTo(WriteAnswer.OK);
        assertThat(get(store.result(jobs.get(2).id()))).isPresent();
        assertThat(redis.command("ZCARD", prefix + "live").number()).isZero();
        assertThat(redis.command("ZCARD", prefix + "run:mail").number()).isZero();
        assertThat(redis.command("HGET", prefix + "meta", "bytes").text()).isEqualTo("0");
    }

    @Test
    void finish_whileNobodyAnswers_failsForAllWithinOneTimeOut() throws Exception {
        List<JobRecord> jobs = claimed(500);
        redis.pause();
        try {
            List<CompletableFuture<WriteAnswer>> answers = jobs.stream()
                    .map(job -> store.finish(job.id(), new Owner(NODE, job.epoch()), JobEnd.succeeded(TEXT))
                            .toCompletableFuture())
                    .toList();
            CompletableFuture<Void> all = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
            assertThat(all).failsWithin(Duration.ofSeconds(5)).withThrowableOfType(ExecutionException.class);
            assertThat(answers).allMatch(CompletableFuture::isCompletedExceptionally);
        } finally {
            redis.resume();
        }
        JobRecord last = jobs.get(499);
        assertThat(get(store.finish(last.id(), new Owner(NODE, last.epoch()), JobEnd.succeeded(TEXT))))
                .isIn(WriteAnswer.OK, WriteAnswer.ALREADY);
    }
}
