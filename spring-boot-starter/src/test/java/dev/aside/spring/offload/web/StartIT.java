package dev.aside.spring.offload.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.spring.offload.web.WebNode.Reply;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What offloaded endpoints answer, over real sockets. */
@Timeout(120)
class StartIT {
    private static OffloadApp app;
    private static Reports reports;

    @BeforeAll
    static void start() {
        app = OffloadApp.start(List.of(Reports.class), "aside.offload.http.max-upload=64KB");
        reports = app.bean(Reports.class);
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    private static String query(String month, boolean slow) {
        return "{\"month\":\"" + month + "\",\"slow\":" + slow + "}";
    }

    @Test
    void start_doneInTime_isAnsweredAsIfSynchronous() {
        Reply reply = app.post("/reports", query("2026-01", false), "Prefer", "wait=20");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.body()).isEqualTo("{\"month\":\"2026-01\",\"total\":12}");
        assertThat(reply.header("Vary")).isEqualTo("Prefer");
        assertThat(reply.header("Preference-Applied")).isEqualTo("wait=20");
        assertThat(reply.has("Location")).isFalse();
    }

    @Test
    void start_slow_becomesAJobWithItsAnswer() {
        Reply accepted = app.post("/reports", query("2026-02", true));
        assertThat(accepted.status()).isEqualTo(202);
        String location = accepted.header("Location");
        assertThat(location).startsWith(app.address() + "/jobs/");
        assertThat(accepted.header("Operation-Location")).isEqualTo(location + "?redirect=false");
        assertThat(accepted.header("Retry-After")).isEqualTo("1");
        assertThat(accepted.header("Vary")).isEqualTo("Prefer");
        assertThat(accepted.header("Cache-Control")).isEqualTo("no-store");
        assertThat(accepted.header("Content-Type")).isEqualTo("application/json");
        assertThat(accepted.text("/status")).isEqualTo("Running");
        assertThat(accepted.text("/type")).isEqualTo("report");
        assertThat(accepted.text("/progress/message")).isEqualTo("page 40");
        Reply running = app.get(location);
        assertThat(running.status()).isEqualTo(202);
        reports.open("2026-02");
        Reply over = app.get(location, "Prefer", "wait=20", "If-None-Match", running.header("ETag"));
        assertThat(over.status()).isEqualTo(303);
        assertThat(over.header("Location")).isEqualTo(location + "/result");
        Reply result = app.get(over.header("Location"));
        assertThat(result.status()).isEqualTo(200);
        assertThat(result.body()).isEqualTo("{\"month\":\"2026-02\",\"total\":12}");
        assertThat(result.header("Content-Type")).isEqualTo("application/json");
        assertThat(result.header("Cache-Control")).isEqualTo("private, no-cache");
        assertThat(result.has("ETag")).isTrue();
    }

    @Test
    void start_entityInTime_keepsStatusHeadersAndLocation() {
        Reply reply = app.post("/entities", query("2026-03", false), "Prefer", "wait=20");
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.header("Location")).isEqualTo(app.address() + "/entities/2026-03");
        assertThat(reply.header("X-Report")).isEqualTo("2026-03");
        assertThat(reply.header("ETag")).isEqualTo("\"v1\"");
        assertThat(reply.body()).isEqualTo("{\"month\":\"2026-03\",\"total\":12}");
    }

    @Test
    void start_slowEntity_isReplayedWithStatusAndHeaders() {
        Reply accepted = app.post("/entities", query("2026-04", true));
        assertThat(accepted.status()).isEqualTo(202);
        reports.open("2026-04");
        assertThat(awaited(accepted).status()).isEqualTo(303);
        Reply result = app.get(accepted.header("Location") + "/result");
        assertThat(result.status()).isEqualTo(201);
        assertThat(result.header("Location")).isEqualTo(app.address() + "/entities/2026-04");
        assertThat(result.header("X-Report")).isEqualTo("2026-04");
        assertThat(result.header("ETag")).isEqualTo("\"v1\"");
        Reply unchanged = app.get(accepted.header("Location") + "/result", "If-None-Match", "\"v1\"");
        assertThat(unchanged.status()).isEqualTo(304);
        assertThat(unchanged.body()).isEmpty();
    }

    @Test
    void start_nothing_keeps204() {
        Reply reply = app.post("/nothing", query("2026-05", false), "Prefer", "wait=20");
        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.body()).isEmpty();
        assertThat(reply.has("Content-Length")).isFalse();
        Reply accepted = app.post("/nothing", query("2026-06", true));
        reports.open("2026-06");
        awaited(accepted);
        assertThat(app.get(accepted.header("Location") + "/result").status()).isEqualTo(204);
    }

    @Test
    void start_stage_isAnsweredInTimeAndLater() {
        Reply reply = app.post("/stages", query("2026-07", false), "Prefer", "wait=20");
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.body()).isEqualTo("{\"month\":\"2026-07\",\"total\":12}");
        Reply accepted = app.post("/stages", query("2026-08", true));
        assertThat(accepted.status()).isEqualTo(202);
        reports.open("2026-08");
        awaited(accepted);
        Reply result = app.get(accepted.header("Location") + "/result");
        assertThat(result.status()).isEqualTo(201);
        assertThat(result.body()).isEqualTo("{\"month\":\"2026-08\",\"total\":12}");
    }

    @Test
    void start_stageThatFails_isTheHandlersAnswer() {
        Reply reply = app.post("/stages", query("failing", false), "Prefer", "wait=20");
        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.text("/type")).isEqualTo("https://example.com/sold-out");
    }

    @Test
    void start_text_isWrittenByTheConverterOfItsType() {
        Reply reply = app.get("/texts/grün", "Accept", "text/plain");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).startsWith("text/plain");
        assertThat(reply.body()).isEqualTo("grün");
    }

    @Test
    void start_waitZero_getsAJobAtOnce() {
        Reply accepted = app.post("/reports", query("2026-09", true), "Prefer", "respond-async, wait=0");
        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.header("Preference-Applied")).isEqualTo("respond-async, wait=0");
        reports.open("2026-09");
    }

    @Test
    void start_onRequest_promotesOnlyThoseWhoAsk() {
        CompletableFuture<Reply> patient = app.later(app.request("/retrofit", "Content-Type", "application/json")
                .POST(BodyPublishers.ofString(query("2026-10", true))));
        Reply impatient = app.post("/retrofit", query("2026-10", true), "Prefer", "wait-ms=50");
        assertThat(impatient.status()).isEqualTo(503);
        assertThat(impatient.text("/type")).isEqualTo("urn:offload:wait-exceeded");
        Reply asking = app.post("/retrofit", query("2026-11", true), "Prefer", "respond-async");
        assertThat(asking.status()).isEqualTo(202);
        reports.open("2026-11");
        reports.open("2026-10");
        assertThat(patient.join().status()).isEqualTo(200);
    }

    @Test
    void start_invalidBody_isAnsweredAsWithoutOffload() {
        Reply reply = app.post("/reports", "{");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.has("Vary")).isFalse();
        assertThat(app.send(app.request("/reports").GET()).status()).isEqualTo(405);
    }

    @Test
    void plainHandler_nextToOffloadedOnes_isUntouched() {
        Reply reply = app.get("/plain");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("plain");
        assertThat(reply.has("Vary")).isFalse();
    }

    @Test
    void failure_knownToAHandler_isItsAnswer() {
        Reply reply = app.get("/failures/problem", "Prefer", "wait=20");
        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(reply.text("/type")).isEqualTo("https://example.com/sold-out");
        assertThat(reply.text("/detail")).isEqualTo("none left");
        assertThat(reply.text("/left")).isEqualTo("0");
        assertThat(reply.header("Vary")).isEqualTo("Prefer");
    }

    @Test
    void failure_withAStatus_isTheErrorPages() {
        Reply reply = app.get("/failures/status", "Prefer", "wait=20", "Accept", "application/json");
        assertThat(reply.status()).isEqualTo(410);
        assertThat(reply.text("/status")).isEqualTo("410");
        assertThat(reply.text("/path")).isEqualTo("/failures/status");
    }

    @Test
    void failure_thatAHandlerRecovers_isASuccess() {
        Reply reply = app.get("/failures/recovered", "Prefer", "wait=20");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("recovered");
    }

    @Test
    void failure_unknown_isTheErrorPages() {
        Reply reply = app.get("/failures/unknown", "Prefer", "wait=20", "Accept", "application/json");
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.text("/path")).isEqualTo("/failures/unknown");
        assertThat(reply.body()).doesNotContain("s3cret");
    }

    @Test
    void failure_ofAJob_keepsStatusAndProblem() {
        Reply problem = app.get("/failures/problem?slow=true");
        Reply unknown = app.get("/failures/unknown?slow=true");
        Reply status = app.get("/failures/status?slow=true");
        reports.open("failures");
        assertThat(awaited(problem).status()).isEqualTo(303);
        Reply result = app.get(problem.header("Location") + "/result");
        assertThat(result.status()).isEqualTo(409);
        assertThat(result.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(result.text("/type")).isEqualTo("https://example.com/sold-out");
        assertThat(result.text("/title")).isEqualTo("Sold out");
        assertThat(result.text("/detail")).isEqualTo("none left");
        Reply document = app.get(problem.header("Operation-Location"));
        assertThat(document.status()).isEqualTo(200);
        assertThat(document.text("/status")).isEqualTo("Failed");
        assertThat(document.text("/problem/status")).isEqualTo("409");
        awaited(unknown);
        Reply hidden = app.get(unknown.header("Location") + "/result");
        assertThat(hidden.status()).isEqualTo(500);
        assertThat(hidden.text("/type")).isEqualTo("urn:offload:job-failed");
        assertThat(hidden.body()).doesNotContain("s3cret");
        awaited(status);
        assertThat(app.get(status.header("Location") + "/result").status()).isEqualTo(410);
    }

    @Test
    void upload_small_isCopiedForTheJob() {
        Reply accepted = app.send(upload("hello"));
        assertThat(accepted.status()).isEqualTo(202);
        reports.open("uploads");
        awaited(accepted);
        Reply result = app.get(accepted.header("Location") + "/result");
        assertThat(result.text("/text")).isEqualTo("hello");
        assertThat(result.text("/name")).isEqualTo("a.txt");
    }

    @Test
    void upload_aboveTheLimit_isRefused() {
        Reply refused = app.send(upload("x".repeat(70_000)));
        assertThat(refused.status()).isEqualTo(413);
    }

    private static HttpRequest.Builder upload(String text) {
        String body = "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.txt\"\r\n"
                + "Content-Type: text/plain\r\n\r\n" + text + "\r\n--b\r\n"
                + "Content-Disposition: form-data; name=\"slow\"\r\n\r\ntrue\r\n--b--\r\n";
        return app.request("/uploads", "Content-Type", "multipart/form-data; boundary=b")
                .POST(BodyPublishers.ofString(body));
    }

    /** What the address of the job answers when it is over. */
    private static Reply awaited(Reply accepted) {
        Reply reply = app.get(accepted.header("Location"), "Prefer", "wait=1");
        for (int i = 0; i < 100 && reply.status() == 202; i++) {
            reply = app.get(accepted.header("Location"), "Prefer", "wait=1");
        }
        return reply;
    }
}
