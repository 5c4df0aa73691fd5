package dev.aside.offload.redis.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.redis.JacksonPayloadCodec;
import dev.aside.offload.redis.RedisJobStore;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command line against a real server. */
@Timeout(60)
class JobsMainIT {
    private static final JobType<String, String> MAIL = JobType.of("mail", String.class, String.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String namespace = "cli-" + ProcessHandle.current().pid() + "-" + System.identityHashCode(this);
    private final Terminal terminal = new Terminal(RedisServer.shared().uri());
    private final List<AutoCloseable> open = new ArrayList<>();
    private final AtomicBoolean failing = new AtomicBoolean();
    private OffloadExecutor offload;

    @BeforeEach
    void start() {
        RedisJobStore store = RedisJobStore.builder()
                .uri(RedisServer.shared().uri())
                .namespace(namespace)
                .shards(2)
                .build();
        offload = OffloadExecutor.builder()
                .store(store)
                .codec(JacksonPayloadCodec.create())
                .defaults(type -> type.retry(1))
                .name("worker-1")
                .build();
        open.add(offload);
        open.add(store);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable last : open) {
            last.close();
        }
    }

    private Terminal.Printed jobs(String... args) {
        return terminal.run(Stream.concat(Stream.of("--namespace", namespace, "jobs"), Stream.of(args))
                .toArray(String[]::new));
    }

    private JsonNode json(String... args) {
        Terminal.Printed printed =
                jobs(Stream.concat(Stream.of(args), Stream.of("--json")).toArray(String[]::new));
        assertThat(printed.code()).as(printed.err()).isZero();
        return JSON.readTree(printed.out());
    }

    private String dead() {
        failing.set(true);
        offload.jobs().handle(MAIL, (mail, ctx) -> {
            if (failing.get()) {
                throw new IllegalStateException("mailbox full");
            }
            return "sent";
        });
        String id = offload.jobs().enqueue(MAIL, "ann@example.org").id();
        await().until(() -> json("list", "--state", "dead").size() == 1);
        return id;
    }

    @Test
    void list_dead_inBothForms() {
        String id = dead();
        Terminal.Printed plain = jobs("list", "--state", "dead", "--type", "mail", "--limit", "5");
        assertThat(plain.code()).isZero();
        assertThat(plain.out().lines().toList()).hasSize(2).satisfies(lines -> {
            assertThat(lines.get(0)).startsWith("ID ").contains("ENDED").contains("NOTE");
            assertThat(lines.get(1)).startsWith(id + "  mail  FAILED").contains("mailbox full");
        });
        JsonNode job = json("list", "--state", "dead").get(0);
        assertThat(job.get("id").asString()).isEqualTo(id);
        assertThat(job.get("state").asString()).isEqualTo("FAILED");
        assertThat(job.get("problem").get("status").asInt()).isGreaterThanOrEqualTo(400);
        assertThat(jobs("list", "--state", "delayed").out()).isEqualTo("no jobs\n");
        assertThat(json("list", "--state", "delayed")).isEmpty();
    }

    @Test
    void show_payloadOnlyOnRequest() {
        String id = dead();
        assertThat(jobs("show", id).out())
                .contains("stands       dead, kept for 30 d")
                .contains("payload      17 bytes")
                .doesNotContain("ann@example.org");
        assertThat(jobs("show", id, "--payload").out()).endsWith("\n\n\"ann@example.org\"\n");
        assertThat(json("show", id).has("payload")).isFalse();
        JsonNode shown = json("show", id, "--payload");
        assertThat(shown.get("payload").get("text").asString()).isEqualTo("\"ann@example.org\"");
        assertThat(shown.get("index").asString()).isEqualTo("DEAD");
        assertThat(shown.get("payloadBytes").asLong()).isEqualTo(17);
    }

    @Test
    void rerun_one_thenItSucceeds_andCannotRunAgain() {
        String id = dead();
        failing.set(false);
        assertThat(jobs("rerun", id).out()).isEqualTo(id + " waits to run again\n");
        await().until(() -> json("show", id).get("state").asString().equals("SUCCEEDED"));
        Terminal.Printed again = jobs("rerun", id);
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).startsWith("error: the job " + id + " cannot run again: it is SUCCEEDED. Hint: ");
        assertThat(json("rerun", "--all", "--type", "mail").get("rerun").asInt())
                .isZero();
    }

    @Test
    void purge_dead_deletesThem() {
        String id = dead();
        assertThat(jobs("purge", "--state", "dead", "--older-than", "2h", "--yes")
                        .out())
                .isEqualTo("0 jobs deleted\n");
        assertThat(json("purge", "--state", "dead", "--type", "mail", "--yes")
                        .get("purged")
                        .asInt())
                .isEqualTo(1);
        Terminal.Printed gone = jobs("show", id);
        assertThat(gone.code()).isEqualTo(1);
        assertThat(gone.err()).startsWith("error: there is no job " + id + ". Hint: ");
    }

    @Test
    void cancel_waiting_once() {
        String id = offload.jobs().enqueue(MAIL, "p").id();
        assertThat(jobs("cancel", id, "--reason", "wrong list").out()).isEqualTo("cancelled " + id + "\n");
        assertThat(jobs("show", id).out()).contains("reason       wrong list");
        Terminal.Printed again = jobs("cancel", id);
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("is over already: CANCELLED");
        assertThat(jobs("cancel", "jb_nonsense").code()).isEqualTo(1);
    }

    @Test
    void pauseAndCap_areSeenInTheCounts() {
        offload.jobs().enqueue(MAIL, "p");
        assertThat(jobs("pause", "mail").out()).startsWith("mail is paused");
        assertThat(jobs("cap", "mail", "5").out()).isEqualTo("mail: at most 5 jobs at once in the cluster\n");
        JsonNode mail = json("counts").get(0);
        assertThat(mail.get("paused").asBoolean()).isTrue();
        assertThat(mail.get("cap").asInt()).isEqualTo(5);
        assertThat(mail.get("waiting").asInt()).isEqualTo(1);
        assertThat(jobs("counts").out().lines().skip(1))
                .containsExactly("mail  1        0        0        0     0         yes     5");
        assertThat(jobs("resume", "mail").err()).isEmpty();
        assertThat(json("cap", "mail", "none").get("cap").isNull()).isTrue();
        assertThat(json("counts").get(0).has("cap")).isFalse();
        Terminal.Printed refused = jobs("cap", "mail", "1");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("below the 2 shards");
    }

    @Test
    void pause_unknownType_isDoneWithANote() {
        Terminal.Printed printed = jobs("pause", "mial");
        assertThat(printed.code()).isZero();
        assertThat(printed.err()).startsWith("note: there has been no job of type 'mial'");
    }

    @Test
    void audit_nothingToRepair() {
        assertThat(jobs("audit").out()).isEqualTo("nothing to repair\n");
        assertThat(json("audit").get("repairs").asInt()).isZero();
    }

    @Test
    void otherNamespace_isNotFound() {
        Terminal.Printed printed = terminal.run("--namespace", namespace + "-typo", "jobs", "counts");
        assertThat(printed.code()).isEqualTo(1);
        assertThat(printed.err()).startsWith("error: no job store has used the namespace");
    }

    @Test
    void list_running_tellsNodeAndProgress() throws Exception {
        var go = new CountDownLatch(1);
        offload.jobs().handle(MAIL, (mail, ctx) -> {
            ctx.progress(3, 10, "letter 3");
            go.await();
            return "sent";
        });
        offload.jobs().enqueue(MAIL, "p");
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(jobs("list", "--state", "running").out())
                                .contains("RUNNING")
                                .contains("3/10, letter 3"));
        go.countDown();
    }
}
