package dev.aside.offload.redis.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.EnqueueOptions;
import dev.aside.offload.JobHandle;
import dev.aside.offload.JobStoreException;
import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.redis.JacksonPayloadCodec;
import dev.aside.offload.redis.JobIndex;
import dev.aside.offload.redis.RedisJobAdmin;
import dev.aside.offload.redis.RedisJobStore;
import dev.aside.testkit.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code and the transcript of docs/jobs-redis.md, run. */
@Timeout(60)
class JobsRedisPageIT {
    private static final Pattern TRANSCRIPT = Pattern.compile("```console\\R(.*?)```", Pattern.DOTALL);
    private static final Pattern ID = Pattern.compile("jb_[0-9A-Z]{26}[0-9a-f]{2}");
    /** Times and names of nodes. */
    private static final Pattern VARYING =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    record Email(String to) {}

    private static final JobType<Email, String> SEND_EMAIL = JobType.of("email.send", Email.class, String.class);
    private static final JobType<String, String> PRINT = JobType.of("invoice.print", String.class, String.class);

    private RedisServer redis;
    private String uri;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        uri = redis.uri();
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    @Test
    void setUp_asWritten_runsAJob() throws Exception {
        // spotless:off
        RedisJobStore store = RedisJobStore.builder()
                .uri(uri) // such as redis://user:password@redis.example.org:6379
                .namespace("shop")
                .build();
        OffloadExecutor offload = OffloadExecutor.builder()
                .store(store)
                .codec(JacksonPayloadCodec.create())
                .build();
        offload.jobs().handle(SEND_EMAIL, (email, ctx) -> "sent to " + email.to());
        JobHandle<String> job = offload.jobs().enqueue(SEND_EMAIL, new Email("ann@example.org"));
        // spotless:on
        try (store;
                offload) {
            assertThat(job.await(Duration.ofSeconds(20))).isTrue();
            assertThat(job.result()).isEqualTo("sent to ann@example.org");
        }
    }

    @Test
    void replicated_asWritten_isRefusedWithoutReplicas() {
        // spotless:off
        RedisJobStore store = RedisJobStore.builder()
                .uri(uri)
                .replicated(Set.of("payment.capture"), 1, Duration.ofMillis(200))
                .build();
        // spotless:on
        OffloadExecutor offload = OffloadExecutor.builder()
                .store(store)
                .codec(JacksonPayloadCodec.create())
                .build();
        JobType<String, String> capture = JobType.of("payment.capture", String.class, String.class);
        try (store;
                offload) {
            assertThatThrownBy(() -> offload.jobs().enqueue(capture, "4711"))
                    .isInstanceOf(JobStoreException.class)
                    .hasMessageContaining("only 0 of 1 replicas");
        }
    }

    @Test
    void admin_asWritten_works() throws Exception {
        prepare();
        List<String> seen = new ArrayList<>();
        try (RedisJobStore store =
                RedisJobStore.builder().uri(uri).namespace("shop").build()) {
            // spotless:off
            RedisJobAdmin admin = store.admin(); // RedisJobAdmin.connect(uri, "shop") where there is no store
            for (JobRecord job : admin.list(JobIndex.DEAD, "email.send", 20)) {
                seen.add(job.id() + " failed: " + job.error());
            }
            admin.pause("email.send");
            int again = admin.rerunAll("email.send");
            admin.cap("email.send", 8); // at most 8 at once in the whole cluster
            admin.resume("email.send");
            int deleted = admin.purge(JobIndex.FINISHED, Duration.ZERO);
            // spotless:on
            assertThat(again).isEqualTo(1);
            assertThat(deleted).isEqualTo(2);
            assertThat(seen).hasSize(1);
        }
    }

    /** A shop with two invoices printed, one email that failed and one that waits for its time. */
    private void prepare() throws Exception {
        RedisJobStore store = RedisJobStore.builder().uri(uri).namespace("shop").build();
        OffloadExecutor offload = OffloadExecutor.builder()
                .store(store)
                .codec(JacksonPayloadCodec.create())
                .defaults(type -> type.retry(1))
                .name("worker")
                .build();
        try (store;
                offload) {
            offload.jobs().handle(PRINT, (invoice, ctx) -> "printed");
            offload.jobs().handle(SEND_EMAIL, (email, ctx) -> {
                throw new IllegalStateException("550 mailbox full");
            });
            offload.jobs().enqueue(PRINT, "4711").await(Duration.ofSeconds(20));
            offload.jobs().enqueue(PRINT, "4712").await(Duration.ofSeconds(20));
            offload.jobs()
                    .enqueueAsync(
                            SEND_EMAIL,
                            new Email("bob@example.org"),
                            EnqueueOptions.builder().delay(Duration.ofHours(1)).build())
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            JobHandle<String> failed = offload.jobs().enqueue(SEND_EMAIL, new Email("ann@example.org"));
            await().until(() -> failed.status().isFinished());
        }
    }

    @Test
    void transcript_asWritten_isWhatTheCommandLinePrints() throws Exception {
        prepare();
        String written = TRANSCRIPT
                .matcher(Files.readString(JobsRedisPageTest.PAGE))
                .results()
                .map(block -> block.group(1))
                .findFirst()
                .orElseThrow();
        assertThat(typed(written)).isEqualTo(written);
    }

    /** What the commands of a transcript print now, with the ids, times and nodes that are written there. */
    private String typed(String written) throws IOException {
        Terminal terminal = new Terminal(uri);
        Map<String, String> real = new LinkedHashMap<>();
        StringBuilder typed = new StringBuilder();
        for (String part : written.split("(?m)^\\$ ", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            String command = part.lines().findFirst().orElseThrow();
            String line = replaced(command, real);
            Terminal.Printed printed = terminal.run(("--namespace shop " + line).split(" ", -1));
            String answer = printed.out() + printed.err();
            List<String> here = found(ID, answer);
            List<String> there = found(ID, part.substring(command.length()));
            for (int i = 0; i < Math.min(here.size(), there.size()); i++) {
                real.putIfAbsent(there.get(i), here.get(i));
            }
            for (Map.Entry<String, String> id : real.entrySet()) {
                answer = answer.replace(id.getValue(), id.getKey());
            }
            List<String> varying = found(VARYING, part);
            int[] next = {0};
            answer = VARYING.matcher(answer)
                    .replaceAll(found -> next[0] < varying.size() ? varying.get(next[0]++) : found.group());
            typed.append("$ ").append(command).append('\n').append(answer);
        }
        return typed.toString();
    }

    private static String replaced(String command, Map<String, String> real) {
        String line = command;
        for (Map.Entry<String, String> id : real.entrySet()) {
            line = line.replace(id.getKey(), id.getValue());
        }
        return line;
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(MatchResult::group).toList();
    }
}
