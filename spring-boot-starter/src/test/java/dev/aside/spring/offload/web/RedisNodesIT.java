package dev.aside.spring.offload.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.spring.offload.web.WebNode.Reply;
import dev.aside.testkit.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Four nodes over Redis: whichever is asked answers, and the end of the node that did the work changes nothing. */
@Timeout(180)
class RedisNodesIT {
    private static final List<OffloadApp> NODES = new ArrayList<>();

    @BeforeAll
    static void start() {
        for (int i = 0; i < 4; i++) {
            NODES.add(node());
        }
    }

    @AfterAll
    static void stop() {
        NODES.forEach(OffloadApp::close);
    }

    private static OffloadApp node() {
        return OffloadApp.start(
                List.of(Reports.class, Users.class),
                "aside.offload.redis.uri=" + RedisServer.shared().uri(),
                "aside.offload.redis.namespace=web-nodes");
    }

    private static String started(OffloadApp node, String month, String... headers) {
        Reply accepted = node.post("/entities", "{\"month\":\"" + month + "\",\"slow\":true}", headers);
        assertThat(accepted.status()).isEqualTo(202);
        return "/jobs/" + accepted.text("/id");
    }

    private static Reply document(OffloadApp node, String job) {
        return node.get(job + "?redirect=false");
    }

    @Test
    void job_startedOnOne_isPolledReadAndOwnedOnTheOthers() {
        OffloadApp first = NODES.get(0);
        String job = started(first, "four-1", "X-User", "alice");
        Reply running = NODES.get(1).get(job, "X-User", "alice");
        assertThat(running.status()).isEqualTo(202);
        assertThat(NODES.get(1).get(job, "X-User", "bob").status()).isEqualTo(404);
        first.bean(Reports.class).open("four-1");
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> NODES.get(2).get(job, "X-User", "alice").status() == 303);
        Reply result = NODES.get(3).get(job + "/result", "X-User", "alice");
        assertThat(result.status()).isEqualTo(201);
        assertThat(result.body()).isEqualTo("{\"month\":\"four-1\",\"total\":12}");
        assertThat(result.header("X-Report")).isEqualTo("four-1");
        assertThat(result.header("ETag")).isEqualTo("\"v1\"");
        assertThat(NODES.get(2).get(job + "/result", "X-User", "bob").status()).isEqualTo(404);
    }

    @Test
    void job_startedOnOne_isCancelledOnAnother() {
        String job = started(NODES.get(0), "four-2");
        assertThat(NODES.get(2).delete(job).status()).isIn(200, 202);
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> document(NODES.get(1), job).text("/status").equals("Canceled"));
        assertThat(NODES.get(3).get(job + "/result").status()).isEqualTo(410);
    }

    @Test
    void key_repeatedOnAnotherNode_isTheSameCall() {
        String body = "{\"month\":\"four-3\",\"slow\":false}";
        Reply first = NODES.get(0).post("/keyed", body, "Idempotency-Key", "four-nodes-key", "Prefer", "wait=20");
        Reply again = NODES.get(1).post("/keyed", body, "Idempotency-Key", "four-nodes-key", "Prefer", "wait=20");
        assertThat(first.status()).isEqualTo(200);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(NODES.get(1).bean(Reports.class).calls).hasValue(0);
    }

    @Test
    void job_whoseNodeEnds_isLostForAllAndResultsStay() {
        OffloadApp doomed = node();
        String done = started(doomed, "four-4");
        doomed.bean(Reports.class).open("four-4");
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> document(NODES.get(1), done).text("/status").equals("Succeeded"));
        String running = started(doomed, "four-5");
        doomed.close();
        assertThat(NODES.get(2).get(done + "/result").status()).isEqualTo(201);
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> document(NODES.get(3), running).text("/status").equals("Failed"));
        assertThat(document(NODES.get(3), running).text("/state")).isEqualTo("LOST");
        Reply result = NODES.get(1).get(running + "/result");
        assertThat(result.status()).isEqualTo(500);
        assertThat(result.text("/type")).isEqualTo("urn:offload:job-lost");
        assertThat(result.text("/retryable")).isEqualTo("true");
    }
}
