package dev.aside.spring.offload.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.spring.offload.web.WebNode.Reply;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Four processes over Redis: a job of each kind is started on the first one, which is killed (SIGKILL) when it has worked
 * on all of them. What the others answer is looked at header by header.
 */
@Timeout(180)
class KilledNodeIT {
    private static final Duration LEASE = Duration.ofSeconds(3);
    /** Until another node has looked, on a busy machine too. */
    private static final Duration GRACE = Duration.ofSeconds(7);

    private static List<NodeProcess> nodes = List.of();
    private static NodeProcess a;
    private static NodeProcess b;
    private static NodeProcess c;
    private static NodeProcess d;
    private static String finished;
    private static Reply resultBefore;
    private static String cancelled;
    private static Reply cancelling;
    private static String unnamed;
    private static String named;
    private static Instant killed;

    @BeforeAll
    static void killTheNodeThatWorks() {
        nodes = NodeProcess.start(
                4,
                "aside.offload.redis.uri=" + RedisServer.shared().uri(),
                "aside.offload.redis.namespace=killed-web-node",
                "aside.offload.redis.command-timeout=10s", // starts on a busy machine
                "aside.offload.redis.lease=" + LEASE.toSeconds() + "s",
                "logging.level.root=error");
        a = nodes.get(0);
        b = nodes.get(1);
        c = nodes.get(2);
        d = nodes.get(3);
        finish();
        cancel();
        unnamed = started("unnamed");
        List.of(b, c, d).forEach(node -> open(node, "named")); // whoever does it again, not A
        named = "/jobs/" + a.post("/printed", slow("named")).body();
        assertThat(document(b, named).text("/state")).isEqualTo("RUNNING");
        killed = Instant.now();
        a.close();
    }

    @AfterAll
    static void stop() {
        nodes.forEach(NodeProcess::close);
    }

    private static void finish() {
        finished = started("finished");
        open(a, "finished");
        awaitStatus(b, finished, "Succeeded");
        resultBefore = b.get(finished + "/result");
    }

    private static void cancel() {
        cancelled = started("cancelled");
        Reply running = b.get(cancelled);
        assertThat(running.status()).isEqualTo(202);
        assertThat(running.headers()).isEqualTo(polled("retry-after", "1", "etag", running.header("ETag")));
        cancelling = c.delete(cancelled);
        awaitStatus(d, cancelled, "Canceled");
    }

    private static String started(String month) {
        Reply accepted = a.post("/entities", slow(month));
        assertThat(accepted.status()).isEqualTo(202);
        return "/jobs/" + accepted.text("/id");
    }

    private static String slow(String month) {
        return "{\"month\":\"" + month + "\",\"slow\":true}";
    }

    private static void open(WebNode node, String month) {
        assertThat(node.post("/gates/" + month, "").status()).isEqualTo(200);
    }

    private static Reply document(WebNode node, String job) {
        return node.get(job + "?redirect=false");
    }

    private static void awaitStatus(WebNode node, String job, String status) {
        await(job)
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> document(node, job).text("/status").equals(status));
    }

    /** Headers of a poll that is answered by a document, with two more. */
    private static Map<String, String> polled(String name, String value, String other, String otherValue) {
        return Map.of(
                "content-type",
                "application/json",
                "cache-control",
                "private, no-cache",
                "vary",
                "Accept, Prefer",
                name,
                value,
                other,
                otherValue);
    }

    private static void assertSentToTheResult(WebNode node, String job) {
        Reply over = node.get(job);
        assertThat(over.status()).isEqualTo(303);
        assertThat(over.headers())
                .isEqualTo(Map.of(
                        "location",
                        node.address() + job + "/result",
                        "cache-control",
                        "private, no-cache",
                        "vary",
                        "Accept, Prefer"));
    }

    private static void assertProblem(WebNode node, String job, int status, String type, boolean retryable) {
        assertSentToTheResult(node, job);
        Reply result = node.get(job + "/result");
        assertThat(result.status()).isEqualTo(status);
        assertThat(result.headers())
                .isEqualTo(Map.of("content-type", "application/problem+json", "cache-control", "no-store"));
        assertThat(result.text("/type")).isEqualTo("urn:offload:" + type);
        assertThat(result.text("/status")).isEqualTo(Integer.toString(status));
        assertThat(result.text("/retryable")).isEqualTo(Boolean.toString(retryable));
        assertThat(result.text("/instance")).isEqualTo(node.address() + job);
    }

    @Test
    void job_finishedOnTheKilledNode_isHandedOutAsBefore() {
        assertSentToTheResult(d, finished);
        Reply result = d.get(finished + "/result");
        assertThat(result.status()).isEqualTo(201);
        assertThat(result.headers())
                .isEqualTo(resultBefore.headers())
                .isEqualTo(Map.of(
                        "content-type",
                        "application/json",
                        "location",
                        a.address() + "/entities/finished",
                        "x-report",
                        "finished",
                        "etag",
                        "\"v1\"",
                        "cache-control",
                        "private, no-cache"));
        assertThat(result.body()).isEqualTo("{\"month\":\"finished\",\"total\":12}");
        assertThat(c.get(finished + "/result", "If-None-Match", "\"v1\"").status())
                .isEqualTo(304);
    }

    @Test
    void job_startedPolledAndCancelledOnThreeNodes_isCancelledForTheFourth() {
        assertThat(cancelling.status()).isIn(200, 202); // 200 if it has stopped by then
        assertThat(document(d, cancelled).text("/state")).isEqualTo("CANCELLED");
        assertProblem(d, cancelled, 410, "job-cancelled", false);
        assertThat(b.delete(cancelled).status()).isEqualTo(204);
    }

    @Test
    void unnamedJob_ofTheKilledNode_isLostForAllWithinTheLease() {
        awaitStatus(b, unnamed, "Failed");
        Instant lost = Instant.parse(document(b, unnamed).text("/finishedAt"));
        assertThat(Duration.between(killed, lost)).isPositive().isLessThan(LEASE.plus(GRACE));
        for (NodeProcess node : List.of(b, c, d)) {
            Reply document = document(node, unnamed);
            assertThat(document.status()).isEqualTo(200);
            assertThat(document.text("/state")).isEqualTo("LOST");
            assertThat(document.text("/problem/type")).isEqualTo("urn:offload:job-lost");
            assertProblem(node, unnamed, 500, "job-lost", true);
        }
    }

    @Test
    void namedJob_ofTheKilledNode_isDoneByAnother() {
        awaitStatus(d, named, "Succeeded");
        assertSentToTheResult(d, named);
        Reply result = d.get(named + "/result");
        assertThat(result.status()).isEqualTo(200);
        assertThat(result.header("Content-Type")).isEqualTo("application/json");
        assertThat(result.text("/month")).isEqualTo("named");
        assertThat(Long.parseLong(result.text("/process"))).isIn(b.pid(), c.pid(), d.pid());
        assertThat(document(d, named).text("/attempt")).isEqualTo("2");
    }
}
