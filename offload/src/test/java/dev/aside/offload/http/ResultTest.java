package dev.aside.offload.http;

import static dev.aside.offload.http.Samples.SELF;
import static dev.aside.offload.http.Samples.body;
import static dev.aside.offload.http.Samples.contract;
import static dev.aside.offload.http.Samples.header;
import static dev.aside.offload.http.Samples.job;
import static dev.aside.offload.http.Samples.options;
import static dev.aside.offload.http.Samples.problem;
import static dev.aside.offload.http.Samples.record;
import static dev.aside.offload.http.Samples.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResultTest {
    @ParameterizedTest
    @EnumSource(
            value = JobState.class,
            names = {"SCHEDULED", "QUEUED", "RUNNING"})
    void result_jobGoesOn_is202ToTheJob(JobState state) {
        Answer answer = contract().result(request(), job(state));
        assertThat(answer.status()).isEqualTo(202);
        assertThat(header(answer, "Location")).isEqualTo(SELF);
        assertThat(header(answer, "Retry-After")).isEqualTo("1");
        assertThat(body(answer)).containsEntry("state", state.name());
    }

    @ParameterizedTest
    @CsvSource({"200, 200", "201, 201", "202, 200", "204, 204", "302, 302", "404, 404", "503, 503"})
    void result_succeeded_replaysTheStatus(int own, int status) {
        Answer answer = contract().result(request(), job(JobState.SUCCEEDED).result(ResultHead.of(own)));
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).isInstanceOf(Body.Result.class);
    }

    @Test
    void result_succeeded_replaysWhatIsNotOfOneConnection() {
        Headers own = Headers.builder()
                .add("Content-Type", "application/pdf")
                .add("Content-Disposition", "attachment; filename=\"r.pdf\"")
                .add("X-A", "1")
                .add("X-A", "2")
                .add("Content-Length", "9")
                .add("Transfer-Encoding", "chunked")
                .add("Connection", "close, X-Hop")
                .add("X-Hop", "1")
                .add("Date", "now")
                .add("Set-Cookie", "session=secret")
                .add("Cache-Control", "public, max-age=60")
                .add("X-Split", "a\r\nb")
                .add("X-Wide", "\u010a")
                .add("bad name", "x")
                .build();
        Answer answer = contract().result(request(), job(JobState.SUCCEEDED).result(new ResultHead(200, own)));
        assertThat(answer.headers().toMap())
                .hasToString("{Content-Type=[application/pdf], Content-Disposition=[attachment; filename=\"r.pdf\"],"
                        + " X-A=[1, 2], Cache-Control=[private, no-cache], ETag=[\"7-result\"]}");
    }

    @Test
    void result_tagUnchanged_is304() {
        Answer answer = contract().result(request("If-None-Match", "\"7-result\""), job(JobState.SUCCEEDED));
        assertThat(answer.status()).isEqualTo(304);
        assertThat(header(answer, "ETag")).isEqualTo("\"7-result\"");
        assertThat(header(answer, "Cache-Control")).isEqualTo("private, no-cache");
        assertThat(answer.body()).isInstanceOf(Body.None.class);
    }

    @Test
    void result_ownTag_isKeptAndCompared() {
        ResultHead head =
                new ResultHead(200, Headers.builder().add("ETag", "\"own\"").build());
        JobView job = job(JobState.SUCCEEDED).result(head);
        assertThat(header(contract().result(request(), job), "ETag")).isEqualTo("\"own\"");
        assertThat(contract().result(request("If-None-Match", "\"own\""), job).status())
                .isEqualTo(304);
        assertThat(contract()
                        .result(request("If-None-Match", "\"7-result\""), job)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void result_errorOfTheOperation_isNeverA304() {
        JobView job = job(JobState.SUCCEEDED).result(ResultHead.of(404));
        Answer answer = contract().result(request("If-None-Match", "*"), job);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(header(answer, "ETag")).isEmpty();
    }

    @Test
    void result_errorWithItsOwnTag_isNeverA304() {
        ResultHead head =
                new ResultHead(404, Headers.builder().add("ETag", "\"own\"").build());
        JobView job = job(JobState.SUCCEEDED).result(head);
        assertThat(contract().result(request("If-None-Match", "\"own\""), job).status())
                .isEqualTo(404);
    }

    @Test
    void result_notKept_is410() {
        Answer answer = contract().result(request(), job(JobState.SUCCEEDED).resultExpired());
        assertThat(answer.status()).isEqualTo(410);
        assertThat(problem(answer)).isEqualTo("result-expired");
    }

    @ParameterizedTest
    @CsvSource({
        "FAILED, 500, job-failed, false",
        "CANCELLED, 410, job-cancelled, false",
        "EXPIRED, 410, job-expired, true",
        "LOST, 500, job-lost, true"
    })
    void result_endedWithout_isItsProblem(JobState state, int status, String type, boolean retryable) {
        Answer answer = contract().result(request(), job(state));
        assertThat(answer.status()).isEqualTo(status);
        assertThat(problem(answer)).isEqualTo(type);
        assertThat(body(answer)).containsEntry("retryable", retryable).containsEntry("instance", SELF);
        assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void result_failedWithTheOperationsOwnProblem_isThatProblem() {
        JobProblem own =
                new JobProblem("https://shop.example.com/no-data", "No data for that month.", 404, "2026-13", false);
        Answer answer = contract()
                .result(
                        request(),
                        JobView.of(record(JobState.FAILED).problem(own).build()));
        assertThat(answer.status()).isEqualTo(404);
        assertThat(body(answer))
                .containsEntry("type", "https://shop.example.com/no-data")
                .containsEntry("title", "No data for that month.")
                .containsEntry("detail", "2026-13");
    }

    @Test
    void result_problemBaseConfigured_typesOfTheLibraryFollowIt() {
        HttpContract contract =
                options().problemBase("https://api.example.com/problems/").build();
        JobProblem timeout = JobProblem.timeout("5 s");
        JobView job = JobView.of(record(JobState.FAILED).problem(timeout).build());
        assertThat(body(contract.result(request(), job)))
                .containsEntry("type", "https://api.example.com/problems/job-timeout");
        assertThat(body(contract.notFound(request())))
                .containsEntry("type", "https://api.example.com/problems/job-not-found");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void result_failedWithAnException_textIsShownOnlyIfAllowed(boolean allowed) {
        HttpContract contract = options().exposeErrors(allowed).build();
        JobView job = JobView.of(record(JobState.FAILED)
                .problem(JobProblem.failed())
                .error("java.lang.IllegalStateException: secret")
                .build());
        assertThat(body(contract.result(request(), job)).get("detail"))
                .isEqualTo(allowed ? "java.lang.IllegalStateException: secret" : null);
    }

    @Test
    void result_problemRefusedByTheClient_isSentAsJson() {
        Answer answer = contract().result(request("Accept", "application/problem+json;q=0, */*"), job(JobState.FAILED));
        assertThat(header(answer, "Content-Type")).isEqualTo("application/json");
        Answer strict = contract().result(request("Accept", "image/png"), job(JobState.FAILED));
        assertThat(header(strict, "Content-Type")).isEqualTo("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 101, 199, 600})
    void resultHead_statusNotFinal_isRefused(int status) {
        assertThatThrownBy(() -> ResultHead.of(status))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("status " + status);
    }
}
