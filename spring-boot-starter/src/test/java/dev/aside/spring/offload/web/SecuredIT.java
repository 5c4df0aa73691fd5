package dev.aside.spring.offload.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.CallOptions;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.Outcome;
import dev.aside.spring.offload.web.WebNode.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Offloaded endpoints and the addresses of their jobs behind the filters of Spring Security. */
@Timeout(120)
class SecuredIT {
    private static OffloadApp app;

    @BeforeAll
    static void start() {
        app = OffloadApp.start(
                List.of(Vault.class, Vault.Guard.class), "test.security=true", "aside.offload.workers=4");
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    /** A logged-in caller, with what proves that no foreign page sent the request. */
    private static String[] as(String user, String... more) {
        String[] headers = new String[6 + more.length];
        headers[0] = "Authorization";
        headers[1] =
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + user).getBytes(StandardCharsets.UTF_8));
        headers[2] = "Cookie";
        headers[3] = "XSRF-TOKEN=t";
        headers[4] = "X-XSRF-TOKEN";
        headers[5] = "t";
        System.arraycopy(more, 0, headers, 6, more.length);
        return headers;
    }

    private static void open(String paper) {
        app.bean(Vault.class).gate(paper).countDown();
    }

    private static Reply result(String location, String user) {
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> app.get(location, as(user)).status() == 303);
        return app.get(location + "/result", as(user));
    }

    @Test
    void work_ofAJob_isItsCallers() {
        for (String user : List.of("alice", "bob")) { // one after the other on the same workers
            Reply accepted = app.post("/papers/mine-" + user, "", as(user, "Prefer", "wait=0"));
            assertThat(accepted.status()).isEqualTo(202);
            open("mine-" + user);
            Reply result = result(accepted.header("Location"), user);
            assertThat(result.status()).isEqualTo(200);
            assertThat(result.body()).isEqualTo("read by " + user);
        }
        assertThat(app.get("/who", as("carol")).body()).isEqualTo("carol");
    }

    @Test
    void work_thatNoRequestAskedFor_isNobodys() throws Exception {
        Outcome<String> outcome = app.bean(OffloadExecutor.class)
                .dispatch("inner", CallOptions.none(), job -> Vault.Safe.name())
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        String name = outcome.fold(done -> done, job -> "a job");
        assertThat(name).isEqualTo("nobody");
    }

    @Test
    void heldRequest_answeredLater_passesTheFiltersAgain() throws Exception {
        CompletableFuture<Reply> held = app.later(
                app.request("/papers/held", as("alice", "Prefer", "wait=30")).POST(BodyPublishers.noBody()));
        await().until(() -> app.bean(OffloadExecutor.class).load().running() > 0);
        assertThat(held).isNotDone();
        open("held");
        Reply answer = held.get(20, TimeUnit.SECONDS);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("read by alice");
    }

    @Test
    void heldPoll_answeredLater_passesTheFiltersAgain() throws Exception {
        Reply accepted = app.post("/papers/polled", "", as("alice", "Prefer", "wait=0"));
        String location = accepted.header("Location");
        String version = app.get(location, as("alice")).header("ETag");
        CompletableFuture<Reply> held =
                app.later(app.request(location, as("alice", "Prefer", "wait=30", "If-None-Match", version))
                        .GET());
        CompletableFuture<Reply> events =
                app.later(app.request(location + "/events", as("alice")).GET());
        open("polled");
        assertThat(held.get(20, TimeUnit.SECONDS).status()).isIn(202, 303);
        Reply stream = events.get(20, TimeUnit.SECONDS);
        assertThat(stream.status()).isEqualTo(200);
        assertThat(stream.body()).contains("\"status\":\"Succeeded\"");
    }

    @Test
    void job_ofAnotherUser_doesNotExist() {
        Reply accepted = app.post("/papers/foreign", "", as("alice", "Prefer", "wait=0"));
        String location = accepted.header("Location");
        for (String path : List.of(location, location + "/result", location + "/events")) {
            assertThat(app.get(path, as("bob")).status()).isEqualTo(404);
        }
        assertThat(app.delete(location, as("bob")).status()).isEqualTo(404);
        assertThat(app.get(location, as("alice")).status()).isEqualTo(202);
        open("foreign");
        assertThat(result(location, "alice").body()).isEqualTo("read by alice");
    }

    @Test
    void anonymous_isRefusedByTheFilters() {
        Reply accepted = app.post("/papers/closed", "", as("alice", "Prefer", "wait=0"));
        String location = accepted.header("Location");
        assertThat(app.get(location).status()).isEqualTo(401);
        assertThat(app.get(location + "/result").status()).isEqualTo(401);
        assertThat(app.post("/papers/closed", "", "Cookie", "XSRF-TOKEN=t", "X-XSRF-TOKEN", "t")
                        .status())
                .isEqualTo(401);
        open("closed");
    }

    @Test
    void denial_inTime_isTheFilters403() {
        assertThat(app.get("/safe", as("alice")).body()).isEqualTo("read by alice");
        assertThat(app.get("/safe", as("carol")).status()).isEqualTo(403);
    }

    @Test
    void denial_ofAJob_isItsResult() {
        Reply accepted = app.post("/papers/denied", "", as("carol", "Prefer", "wait=0"));
        String location = accepted.header("Location");
        open("denied");
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> app.get(location + "?redirect=false", as("carol"))
                        .text("/status")
                        .equals("Failed"));
        assertThat(app.get(location + "/result", as("carol")).status()).isEqualTo(403);
    }

    @Test
    void cancel_withoutCsrfToken_isRefused() {
        Reply accepted = app.post("/papers/kept", "", as("alice", "Prefer", "wait=0"));
        String location = accepted.header("Location");
        String[] forged = {"Authorization", as("alice")[1]};
        assertThat(app.delete(location, forged).status()).isEqualTo(403);
        assertThat(app.get(location + "?redirect=false", as("alice")).text("/cancelRequested"))
                .isEqualTo("false");
        assertThat(app.delete(location, as("alice")).status()).isIn(200, 202);
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> app.get(location + "?redirect=false", as("alice"))
                        .text("/status")
                        .equals("Canceled"));
    }
}
