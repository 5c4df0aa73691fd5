package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.offload.JobStoreException;
import dev.aside.offload.job.JobId;
import dev.aside.offload.job.JobKind;
import dev.aside.offload.job.JobPriority;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.Admission;
import dev.aside.offload.spi.ClaimRequest;
import dev.aside.offload.spi.Claims;
import dev.aside.offload.spi.KeyClaim;
import dev.aside.offload.spi.Submission;
import dev.aside.testkit.RedisServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs that are taken in by one script, because they came while another was under way. */
class SubmitsTogetherIT {
    private static final Payload TEXT = Payload.of("\"x\"".getBytes(StandardCharsets.UTF_8), "application/json");
    private static final Admission.Answer ACCEPTED = Admission.Answer.ACCEPTED;

    private final RedisServer redis = RedisServer.start();
    private final Layout layout = new Layout(Namespaces.next(), 1);
    private final RedisJobStore store = RedisJobStore.builder()
            .uri(redis.uri())
            .namespace(layout.namespace())
            .shards(1)
            .build();

    @AfterEach
    void close() {
        store.close();
        redis.close();
    }

    private static JobRecord mail(JobPriority priority) {
        return JobRecord.builder(JobId.next(Instant.parse("2026-05-01T10:00:00Z"), 0), "mail")
                .kind(JobKind.NAMED)
                .priority(priority)
                .build();
    }

    private static Submission mail(@Nullable KeyClaim key) {
        return new Submission(mail(JobPriority.NORMAL), TEXT, Duration.ZERO, 0, key);
    }

    /** All of them, while the server answers nobody: the first one is under way and the others wait for it. */
    private List<CompletableFuture<Admission>> together(List<Submission> submissions) {
        redis.command("CLIENT", "PAUSE", "300", "ALL");
        return submissions.stream()
                .map(submission -> store.submit(submission).toCompletableFuture())
                .toList();
    }

    private static List<Submission> mails(int count, Function<Integer, Submission> mail) {
        return IntStream.range(0, count).boxed().map(mail).toList();
    }

    private static Admission get(CompletableFuture<Admission> admission) throws Exception {
        return admission.get(30, TimeUnit.SECONDS);
    }

    private List<Admission.Answer> answers(List<CompletableFuture<Admission>> admissions) throws Exception {
        List<Admission.Answer> answers = new ArrayList<>();
        for (CompletableFuture<Admission> admission : admissions) {
            answers.add(get(admission).answer());
        }
        return answers;
    }

    private List<String> claimed() throws Exception {
        Claims claims = store.claim(new ClaimRequest("n1", Map.of("mail", 1000), 1000))
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        return claims.jobs().stream().map(job -> job.record().id()).toList();
    }

    private String bytes() {
        return redis.command("HGET", layout.prefix(0) + "meta", "bytes").text();
    }

    @Test
    void submit_ofManyAtATime_isFewScripts_andTurnsAreInTheirOrder() throws Exception {
        get(store.submit(mail((KeyClaim) null)).toCompletableFuture()); // the connection is there
        claimed();
        long before = redis.commandCalls().getOrDefault("evalsha", 0L);
        List<Submission> mails = mails(150, i -> mail((KeyClaim) null));

        assertThat(answers(together(mails))).hasSize(150).containsOnly(ACCEPTED);

        assertThat(redis.commandCalls().getOrDefault("evalsha", 0L) - before).isLessThan(20);
        assertThat(claimed())
                .containsExactlyElementsOf(
                        mails.stream().map(mail -> mail.record().id()).toList());
    }

    @Test
    void submit_prioritiesTogether_haveTheirTurns() throws Exception {
        List<Submission> mails = mails(
                6, i -> new Submission(mail(i < 3 ? JobPriority.LOW : JobPriority.HIGH), TEXT, Duration.ZERO, 0, null));
        assertThat(answers(together(mails))).containsOnly(ACCEPTED);
        assertThat(claimed())
                .containsExactlyElementsOf(IntStream.of(3, 4, 5, 0, 1, 2)
                        .mapToObj(i -> mails.get(i).record().id())
                        .toList());
    }

    @Test
    void submit_sameKeyTogether_isOneJob() throws Exception {
        KeyClaim key = new KeyClaim("k", "f", Duration.ofMinutes(1));
        List<Submission> mails = mails(5, i -> mail(i == 4 ? new KeyClaim("k", "other", Duration.ofMinutes(1)) : key));
        List<CompletableFuture<Admission>> admissions = together(mails);
        assertThat(answers(admissions))
                .containsExactly(
                        ACCEPTED,
                        Admission.Answer.DUPLICATE,
                        Admission.Answer.DUPLICATE,
                        Admission.Answer.DUPLICATE,
                        Admission.Answer.KEY_REUSED);
        assertThat(get(admissions.get(3)).jobId())
                .isEqualTo(mails.get(0).record().id());
        assertThat(claimed()).hasSize(1);
    }

    @Test
    void submit_roomForSome_refusesExactlyTheOthers() throws Exception {
        List<Submission> mails = mails(
                20,
                i -> new Submission(
                        mail(JobPriority.NORMAL), TEXT, i < 3 ? Duration.ofHours(1) : Duration.ZERO, 7, null));
        List<Admission.Answer> answers = answers(together(mails));
        assertThat(answers.subList(0, 7)).containsOnly(ACCEPTED);
        assertThat(answers.subList(7, 20)).containsOnly(Admission.Answer.FULL);
        assertThat(claimed()).hasSize(4);
        assertThat(bytes()).isEqualTo(String.valueOf(7 * TEXT.bytes().length));
    }

    @Test
    void submit_oneThatRedisRefuses_holdsUpNoneThatCameWithIt() throws Exception {
        redis.command("SET", layout.prefix(0) + "u:" + Layout.keyName("mail", "spoilt"), "no hash");
        KeyClaim spoilt = new KeyClaim("spoilt", "f", Duration.ofMinutes(1));
        List<CompletableFuture<Admission>> admissions = together(mails(5, i -> mail(i == 2 ? spoilt : null)));
        for (int i : List.of(0, 1, 3, 4)) {
            assertThat(get(admissions.get(i)).answer()).isEqualTo(ACCEPTED);
        }
        assertThatThrownBy(() -> get(admissions.get(2)))
                .hasCauseInstanceOf(JobStoreException.class)
                .hasStackTraceContaining("WRONGTYPE");
        assertThat(claimed()).hasSize(4);
        assertThat(bytes()).isEqualTo(String.valueOf(4 * TEXT.bytes().length));
    }

    @Test
    void submit_serverThatIsFull_takesNoneOfThem() throws Exception {
        get(store.submit(mail((KeyClaim) null)).toCompletableFuture());
        redis.command("CONFIG", "SET", "maxmemory", "1");
        List<CompletableFuture<Admission>> admissions = together(mails(5, i -> mail((KeyClaim) null)));
        for (CompletableFuture<Admission> admission : admissions) {
            assertThatThrownBy(() -> get(admission))
                    .hasCauseInstanceOf(JobStoreException.class)
                    .hasStackTraceContaining("OOM");
        }
        redis.command("CONFIG", "SET", "maxmemory", "0");
        assertThat(claimed()).hasSize(1);
    }

    /** The answer of the first time was lost, as after a failover, and Redis has filled up since. */
    @Test
    void submit_sentAgainToAServerThatIsFull_isAnsweredAsBefore() throws Exception {
        Submission plain = mail((KeyClaim) null);
        Submission keyed = mail(new KeyClaim("k", "f", Duration.ofMinutes(1)));
        assertThat(answers(together(List.of(plain, keyed)))).containsOnly(ACCEPTED);
        redis.command("CONFIG", "SET", "maxmemory", "1");
        Submission sameKey = mail(new KeyClaim("k", "f", Duration.ofMinutes(1)));
        assertThat(answers(together(List.of(plain, keyed, sameKey))))
                .containsExactly(ACCEPTED, ACCEPTED, Admission.Answer.DUPLICATE);
        redis.command("CONFIG", "SET", "maxmemory", "0");
        assertThat(claimed()).hasSize(2);
    }

    @Test
    void submit_refusedByRedis_leavesNothingBehind() throws Exception {
        redis.command("SET", layout.prefix(0) + "rdy:mail", "no index");
        KeyClaim key = new KeyClaim("k", "f", Duration.ofMinutes(1));
        CompletableFuture<Admission> refused = store.submit(mail(key)).toCompletableFuture();
        assertThatThrownBy(() -> get(refused)).hasStackTraceContaining("WRONGTYPE");
        redis.command("DEL", layout.prefix(0) + "rdy:mail");
        assertThat(get(store.submit(mail(key)).toCompletableFuture()).answer()).isEqualTo(ACCEPTED);
        assertThat(claimed()).hasSize(1);
    }

    /** Tickets of another type cannot be made: its jobs wait for a tick, and nobody else is told of it. */
    @Test
    void submit_ticketsThatCannotBeMade_areNoRefusal() throws Exception {
        redis.command("SET", layout.prefix(0) + "opt:mail", "no hash");
        Submission mail = mail((KeyClaim) null);
        assertThat(get(store.submit(mail).toCompletableFuture()).answer()).isEqualTo(ACCEPTED);
        redis.command("DEL", layout.prefix(0) + "opt:mail");
        assertThat(claimed()).containsExactly(mail.record().id());
    }

    @Test
    void submit_whileNobodyAnswers_failsForAllWithinOneTimeOut() throws Exception {
        get(store.submit(mail((KeyClaim) null)).toCompletableFuture());
        redis.pause();
        try {
            List<CompletableFuture<Admission>> admissions = mails(500, i -> mail((KeyClaim) null)).stream()
                    .map(mail -> store.submit(mail).toCompletableFuture())
                    .toList();
            CompletableFuture<Void> all = CompletableFuture.allOf(admissions.toArray(CompletableFuture[]::new));
            assertThat(all).failsWithin(Duration.ofSeconds(5)).withThrowableOfType(ExecutionException.class);
            assertThat(admissions).allMatch(CompletableFuture::isCompletedExceptionally);
        } finally {
            redis.resume();
        }
        assertThat(get(store.submit(mail((KeyClaim) null)).toCompletableFuture())
                        .answer())
                .isEqualTo(ACCEPTED);
    }
}
