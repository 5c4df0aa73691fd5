package dev.aside.offload.http.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.OffloadExecutor;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract as a client sees it, over a socket. */
@Timeout(30)
class ReportServerTest {
    private final CountDownLatch finish = new CountDownLatch(1);
    private final HttpClient client =
            HttpClient.newBuilder().followRedirects(Redirect.NORMAL).build();
    private final OffloadExecutor offload =
            OffloadExecutor.builder().threshold(Duration.ofMillis(200)).build();
    private ReportServer server;

    @BeforeEach
    void start() throws IOException {
        server = new ReportServer(offload, () -> {
            finish.await();
            return "month,sum";
        });
    }

    @AfterEach
    void stop() {
        finish.countDown();
        server.close();
        offload.close();
    }

    private HttpResponse<String> send(String method, String address, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(address)).method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private String startSlow() throws Exception {
        HttpResponse<String> accepted = send("POST", server.address() + "/reports");
        assertThat(accepted.statusCode()).isEqualTo(202);
        return accepted.headers().firstValue("Location").orElseThrow();
    }

    @Test
    void post_workIsFast_isAnsweredWithTheResult() throws Exception {
        finish.countDown();
        HttpResponse<String> answer = send("POST", server.address() + "/reports");
        // a machine under load may need more than the threshold: then the job's result is the same answer
        if (answer.statusCode() == 202) {
            answer = send("GET", answer.headers().firstValue("Location").orElseThrow(), "Prefer", "wait=20");
        }
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.body()).isEqualTo("month,sum");
    }

    @Test
    void get_workWasSlow_leadsToTheResult() throws Exception {
        String job = startSlow();
        HttpResponse<String> running = send("GET", job);
        assertThat(running.statusCode()).isEqualTo(202);
        String tag = running.headers().firstValue("ETag").orElseThrow();
        assertThat(send("GET", job, "If-None-Match", tag).statusCode()).isEqualTo(304);
        finish.countDown();
        HttpResponse<String> result = send("GET", job, "Prefer", "wait=20", "If-None-Match", tag);
        assertThat(result.statusCode()).isEqualTo(201);
        assertThat(result.uri().getPath()).endsWith("/result");
        assertThat(result.body()).isEqualTo("month,sum");
        assertThat(result.headers().firstValue("Content-Type")).contains("text/csv");
    }

    @Test
    void post_sameKeyAgain_saysThatItIsAReplay() throws Exception {
        String[] key = {"Idempotency-Key", "order-4711"};
        HttpResponse<String> first = send("POST", server.address() + "/reports", key);
        assertThat(first.headers().firstValue("Idempotent-Replayed")).isEmpty();
        HttpResponse<String> running = send("POST", server.address() + "/reports", key);
        assertThat(running.statusCode()).isEqualTo(202);
        assertThat(running.headers().firstValue("Location"))
                .isEqualTo(first.headers().firstValue("Location"));
        assertThat(running.headers().firstValue("Idempotent-Replayed")).contains("true");
        finish.countDown();
        send("GET", first.headers().firstValue("Location").orElseThrow(), "Prefer", "wait=20");
        HttpResponse<String> over = send("POST", server.address() + "/reports", key);
        assertThat(over.statusCode()).isEqualTo(201);
        assertThat(over.body()).isEqualTo("month,sum");
        assertThat(over.headers().firstValue("Idempotent-Replayed")).contains("true");
    }

    @Test
    void delete_workGoesOn_stopsIt() throws Exception {
        String job = startSlow();
        assertThat(send("DELETE", job).statusCode()).isEqualTo(202);
        finish.countDown();
        assertThat(send("GET", job + "?redirect=false", "Prefer", "wait=20").statusCode())
                .isEqualTo(200);
        assertThat(send("DELETE", job).statusCode()).isIn(204, 409);
    }

    @Test
    void get_unknownJob_is404WithAProblem() throws Exception {
        HttpResponse<String> answer = send("GET", server.address() + "/jobs/nobody");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.body()).contains("urn:offload:job-not-found");
    }
}
