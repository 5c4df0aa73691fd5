package dev.aside.spring.offload.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.OffloadExecutor;
import dev.aside.spring.offload.web.WebNode.Reply;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the addresses of jobs answer, over real sockets: polls, results, cancels, events, owners, keys. */
@Timeout(120)
class JobsIT {
    private static OffloadApp app;
    private static Reports reports;

    @BeforeAll
    static void start() {
        app = OffloadApp.start(List.of(Reports.class, Users.class));
        reports = app.bean(Reports.class);
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    private static String slow(String month) {
        return "{\"month\":\"" + month + "\",\"slow\":true}";
    }

    private static String fast(String month) {
        return "{\"month\":\"" + month + "\",\"slow\":false}";
    }

    private static Reply job(String month, String... headers) {
        Reply accepted = app.post("/reports", slow(month), headers);
        assertThat(accepted.status()).isEqualTo(202);
        return accepted;
    }

    private static Reply over(Reply accepted, String... headers) {
        String address = accepted.header("Operation-Location");
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> app.get(address, headers).status() == 200);
        return app.get(address, headers);
    }

    // ---- poll

    @Test
    void poll_running_is202WithEtagAndAdvice() {
        String location = job("poll-1").header("Location");
        Reply running = app.get(location);
        assertThat(running.status()).isEqualTo(202);
        assertThat(running.header("ETag")).matches("\"\\d+\"");
        assertThat(running.header("Retry-After")).isEqualTo("1");
        assertThat(running.header("Cache-Control")).isEqualTo("private, no-cache");
        assertThat(running.header("Vary")).isEqualTo("Accept, Prefer");
        assertThat(running.text("/links/self")).isEqualTo(location);
        Reply unchanged = app.get(location, "If-None-Match", running.header("ETag"));
        assertThat(unchanged.status()).isEqualTo(304);
        assertThat(unchanged.header("ETag")).isEqualTo(running.header("ETag"));
        Reply pending = app.get(location + "/result");
        assertThat(pending.status()).isEqualTo(202);
        assertThat(pending.header("Location")).isEqualTo(location);
        reports.open("poll-1");
    }

    @Test
    void poll_withWait_isHeldUntilTheJobChanges() throws Exception {
        String location = job("poll-2").header("Location");
        String version = app.get(location).header("ETag");
        CompletableFuture<Reply> held = app.later(app.request(location, "Prefer", "wait=20", "If-None-Match", version)
                .GET());
        Reply unheld = app.get(location, "Prefer", "wait=0");
        assertThat(unheld.status()).isEqualTo(202);
        assertThat(held).isNotDone();
        reports.open("poll-2");
        Reply changed = held.get(20, TimeUnit.SECONDS);
        assertThat(changed.status()).isEqualTo(303);
        assertThat(changed.header("Preference-Applied")).isEqualTo("wait=20");
    }

    @Test
    void poll_jobDocumentByName_isNotRedirected() {
        Reply accepted = job("poll-3");
        reports.open("poll-3");
        Reply document = over(accepted);
        assertThat(document.text("/status")).isEqualTo("Succeeded");
        assertThat(document.text("/resourceLocation")).isEqualTo(accepted.header("Location") + "/result");
        Reply named = app.get(accepted.header("Location"), "Accept", "application/vnd.aside.job+json");
        assertThat(named.status()).isEqualTo(200);
        assertThat(named.header("Content-Type")).isEqualTo("application/vnd.aside.job+json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/jobs/none", "/jobs/jb_01KAR0000000000000000000000a", "/jobs/none/result", "/jobs/none/events"})
    void poll_unknown_isTheSame404(String path) {
        Reply reply = app.get(path);
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(reply.body()).isEqualTo(app.get("/jobs/other").body());
    }

    // ---- cancel

    @Test
    void cancel_running_stopsIt() {
        Reply accepted = job("cancel-1");
        String location = accepted.header("Location");
        assertThat(app.delete(location, "If-Match", "\"999\"").status()).isEqualTo(412);
        Reply asked = app.delete(location);
        assertThat(asked.status()).isIn(200, 202);
        Reply document = over(accepted);
        assertThat(document.text("/status")).isEqualTo("Canceled");
        assertThat(app.delete(location).status()).isEqualTo(204);
        Reply result = app.get(location + "/result");
        assertThat(result.status()).isEqualTo(410);
        assertThat(result.text("/type")).isEqualTo("urn:offload:job-cancelled");
    }

    @Test
    void cancel_finished_is409() {
        Reply accepted = job("cancel-2");
        reports.open("cancel-2");
        over(accepted);
        Reply refused = app.delete(accepted.header("Location"));
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text("/type")).isEqualTo("urn:offload:job-already-finished");
    }

    // ---- events

    @Test
    void events_ofAJob_tellEveryStateAndEnd() throws Exception {
        Reply accepted = job("events-1");
        CompletableFuture<Stream<String>> stream = java.net.http.HttpClient.newHttpClient()
                .sendAsync(
                        app.request(accepted.header("Location") + "/events")
                                .GET()
                                .build(),
                        BodyHandlers.ofLines())
                .thenApply(response -> {
                    assertThat(response.statusCode()).isEqualTo(200);
                    assertThat(response.headers().firstValue("Content-Type"))
                            .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
                    assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
                    return response.body();
                });
        Stream<String> lines = stream.get(20, TimeUnit.SECONDS);
        reports.open("events-1");
        List<String> all = lines.toList();
        assertThat(all.get(0)).isEqualTo("retry: 1000");
        assertThat(all).contains("event: state", "event: end");
        assertThat(all.stream().filter(line -> line.startsWith("data: ")).reduce((a, b) -> b))
                .hasValueSatisfying(data -> assertThat(data).contains("\"status\":\"Succeeded\""));
        String last = all.stream()
                .filter(line -> line.startsWith("id: "))
                .reduce((a, b) -> b)
                .orElseThrow()
                .substring(4);
        Reply seen = app.get(accepted.header("Location") + "/events", "Last-Event-ID", last);
        assertThat(seen.status()).isEqualTo(204);
    }

    // ---- owners

    @Test
    void job_ofAnotherUser_doesNotExist() {
        Reply accepted = job("owner-1", "X-User", "alice");
        String location = accepted.header("Location");
        assertThat(app.get(location, "X-User", "alice").status()).isEqualTo(202);
        Reply unknown = app.get("/jobs/none", "X-User", "bob");
        for (String path : List.of(location, location + "/result", location + "/events")) {
            Reply foreign = app.get(path, "X-User", "bob");
            assertThat(foreign.status()).isEqualTo(404);
            assertThat(foreign.body()).isEqualTo(unknown.body());
            assertThat(app.get(path).status()).isEqualTo(404);
        }
        assertThat(app.delete(location, "X-User", "bob").status()).isEqualTo(404);
        assertThat(app.get(location, "X-User", "alice").status()).isEqualTo(202);
        reports.open("owner-1");
        over(accepted, "X-User", "alice");
        assertThat(app.get(location + "/result", "X-User", "alice").status()).isEqualTo(200);
        assertThat(app.get(location + "/result", "X-User", "-").status()).isEqualTo(404);
    }

    @Test
    void job_thatNoRequestAskedFor_isNobodys() throws Exception {
        var job = app.bean(OffloadExecutor.class)
                .dispatch(
                        "inner",
                        dev.aside.offload.CallOptions.builder()
                                .threshold(java.time.Duration.ZERO)
                                .build(),
                        context -> {
                            reports.gate("inner").await();
                            return "x";
                        })
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        String id = job.fold(done -> "", promoted -> promoted.id());
        assertThat(app.get("/jobs/" + id).status()).isEqualTo(404);
        assertThat(app.get("/jobs/" + id, "X-User", "-").status()).isEqualTo(404);
        reports.open("inner");
    }

    @Test
    void job_enqueuedByAPlainHandler_isItsCallers() {
        String id = app.post("/enqueued", fast("echo"), "X-User", "alice").body();
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> app.get("/jobs/" + id + "?redirect=false", "X-User", "alice")
                                .status()
                        == 200);
        Reply result = app.get("/jobs/" + id + "/result", "X-User", "alice");
        assertThat(result.status()).isEqualTo(200);
        assertThat(result.header("Content-Type")).isEqualTo("application/json");
        assertThat(result.body()).isEqualTo("{\"month\":\"echo\",\"total\":1}");
        assertThat(app.get("/jobs/" + id, "X-User", "bob").status()).isEqualTo(404);
    }

    @Test
    void key_ofADeniedCall_staysDenied() {
        String key = UUID.randomUUID().toString();
        Reply first = app.get("/denied", "Idempotency-Key", key, "Accept", "application/json");
        assertThat(first.status()).isEqualTo(500); // by the error page: there is no filter of Spring Security here
        Reply again = app.get("/denied", "Idempotency-Key", key);
        assertThat(again.status()).isEqualTo(403);
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    }

    // ---- keys

    @Test
    void key_repeated_getsTheFirstAnswer() {
        String key = UUID.randomUUID().toString();
        Reply first = app.post("/keyed", fast("key-1"), "Idempotency-Key", key, "Prefer", "wait=20");
        Reply again = app.post("/keyed", fast("key-1"), "Idempotency-Key", "\"" + key + "\"", "Prefer", "wait=20");
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.has("Idempotent-Replayed")).isFalse();
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Content-Type")).isEqualTo("application/json");
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    }

    @Test
    void key_ofAnotherCallerOrPayload_isAnotherOne() {
        String key = UUID.randomUUID().toString();
        Reply alices =
                app.post("/keyed", fast("key-2"), "Idempotency-Key", key, "Prefer", "wait=20", "X-User", "alice");
        Reply bobs = app.post("/keyed", fast("key-2"), "Idempotency-Key", key, "Prefer", "wait=20", "X-User", "bob");
        assertThat(bobs.status()).isEqualTo(200);
        assertThat(bobs.body()).isNotEqualTo(alices.body());
        assertThat(bobs.has("Idempotent-Replayed")).isFalse();
        Reply reused = app.post("/keyed", fast("key-3"), "Idempotency-Key", key, "X-User", "alice");
        assertThat(reused.status()).isEqualTo(422);
        assertThat(reused.text("/type")).isEqualTo("urn:offload:idempotency-key-reused");
        assertThat(reused.body()).doesNotContain("jb_");
    }

    @Test
    void key_ofARunningJob_getsTheSameJob() {
        String key = UUID.randomUUID().toString();
        Reply first = app.post("/keyed", slow("key-4"), "Idempotency-Key", key);
        Reply again = app.post("/keyed", slow("key-4"), "Idempotency-Key", key);
        assertThat(first.status()).isEqualTo(202);
        assertThat(again.status()).isEqualTo(202);
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        reports.open("key-4");
        over(first);
        Reply later = app.post("/keyed", slow("key-4"), "Idempotency-Key", key);
        assertThat(later.status()).isEqualTo(200);
        assertThat(later.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(later.text("/month")).isEqualTo("key-4");
    }

    @Test
    void key_missingOrMalformed_is400() {
        assertThat(app.post("/keyed", fast("key-5")).text("/type")).isEqualTo("urn:offload:idempotency-key-missing");
        Reply malformed = app.post("/keyed", fast("key-5"), "Idempotency-Key", "short");
        assertThat(malformed.status()).isEqualTo(400);
        assertThat(malformed.text("/type")).isEqualTo("urn:offload:idempotency-key-malformed");
    }

    @Test
    void key_ofAnInvalidRequest_isNotClaimed() {
        String key = UUID.randomUUID().toString();
        assertThat(app.post("/keyed", "{", "Idempotency-Key", key).status()).isEqualTo(400);
        Reply mended = app.post("/keyed", fast("key-6"), "Idempotency-Key", key, "Prefer", "wait=20");
        assertThat(mended.status()).isEqualTo(200);
        assertThat(mended.has("Idempotent-Replayed")).isFalse();
    }

    // ---- hostile

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: evil.example.com\r\n",
                "Host: 127.0.0.1:1@evil.example.com\r\n",
                "Host: 127.0.0.1\"><script>\r\n",
                "Host: \r\n",
            })
    void hostile_host_isNeverRepeated(String host) {
        String answer = app.raw("GET /texts/a HTTP/1.1\r\n" + host);
        assertThat(answer).startsWith("HTTP/1.1 400").doesNotContain("evil", "script");
    }

    @Test
    void hostile_forwardedHeaders_areNotRead() {
        String body = slow("hostile-1");
        String answer = app.raw("POST /reports HTTP/1.1\r\nHost: 127.0.0.1:" + app.port()
                + "\r\nX-Forwarded-Host: evil.example.com\r\nForwarded: host=evil.example.com;proto=https\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\nConnection: close\r\n\r\n"
                + body + "\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 202")
                .contains(app.address() + "/jobs/")
                .doesNotContain("evil");
        reports.open("hostile-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Prefer: wait=\r\n",
                "Prefer: wait=99999999999999999999\r\n",
                "Prefer: wait=-1\r\n",
                "Prefer: ,,,;;;=\"\r\n",
                "Prefer: respond-async; foo=\"bar\\\r\n",
                "Accept: ;;;q=\r\n",
                "If-None-Match: W/\"\r\n",
                "If-None-Match: \"\u00ff\u00fe\"\r\n",
                "Accept-Language: ;;q=-3\r\n",
            })
    void hostile_preferences_doNotBreakTheAnswer(String header) {
        String answer = app.raw("GET /texts/a HTTP/1.1\r\nHost: 127.0.0.1:" + app.port() + "\r\n" + header);
        assertThat(answer).matches("(?s)HTTP/1.1 (200|400|406) .*").doesNotContain("Exception");
    }

    @Test
    void hostile_manyLines_areAnswered() {
        String answer = app.raw("GET /texts/a HTTP/1.1\r\nHost: 127.0.0.1:" + app.port() + "\r\n"
                + "Prefer: wait=5, respond-async\r\n".repeat(80)
                + "Idempotency-Key: aaaaaaaaaaaa\r\nIdempotency-Key: bbbbbbbbbbbb\r\n");
        assertThat(answer).startsWith("HTTP/1.1 400").contains("idempotency-key-malformed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/jobs/..%2f..%2fetc", "/jobs/%0d%0aSet-Cookie:a=b", "/jobs/a%00b", "/jobs/%F0%9F%92%A9/result"})
    void hostile_ids_areUnknownOrRefused(String path) {
        String answer = app.raw("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + app.port() + "\r\n");
        assertThat(answer).matches("(?s)HTTP/1.1 40[04] .*").doesNotContain("Set-Cookie");
    }
}
