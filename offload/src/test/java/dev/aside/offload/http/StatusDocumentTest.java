package dev.aside.offload.http;

import static dev.aside.offload.http.Samples.CREATED;
import static dev.aside.offload.http.Samples.ID;
import static dev.aside.offload.http.Samples.asking;
import static dev.aside.offload.http.Samples.body;
import static dev.aside.offload.http.Samples.contract;
import static dev.aside.offload.http.Samples.job;
import static dev.aside.offload.http.Samples.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.offload.job.JobKind;
import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobProgress;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusDocumentTest {
    private static Body.Document document(JobView job) {
        return (Body.Document) contract().polled(asking("redirect=false"), job).body();
    }

    /** A golden file has one member a line; indentation and line breaks are not part of it. */
    private static String golden(String name) throws IOException {
        try (InputStream in = StatusDocumentTest.class.getResourceAsStream("/http/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .collect(Collectors.joining());
        }
    }

    @Test
    void document_running_isTheGoldenOne() throws IOException {
        JobView job = JobView.of(record(JobState.RUNNING).kind(JobKind.NAMED).build())
                .maxAttempts(5)
                .retryAfter(Duration.ofMillis(800));
        assertThat(document(job).toJson()).isEqualTo(golden("status-running.json"));
    }

    @Test
    void golden_running_isWhatTheDocsShow() throws IOException {
        String page = Files.readString(Path.of("../docs/http.md"));
        String shown = page.substring(page.indexOf("```json") + 7);
        String block = shown.substring(0, shown.indexOf("```"));
        assertThat(block.lines().map(String::strip).collect(Collectors.joining()))
                .isEqualTo(golden("status-running.json"));
    }

    @Test
    void document_succeeded_isTheGoldenOne() throws IOException {
        JobRecord record = record(JobState.SUCCEEDED)
                .finishedAt(CREATED.plusSeconds(9))
                .progress(new JobProgress(100, 100, ""))
                .build();
        assertThat(document(JobView.of(record)).toJson()).isEqualTo(golden("status-succeeded.json"));
    }

    @Test
    void document_failed_isTheGoldenOne() throws IOException {
        JobRecord record = record(JobState.FAILED)
                .finishedAt(CREATED.plusSeconds(9))
                .problem(JobProblem.timeout("PT5S"))
                .error("java.lang.Exception: secret")
                .build();
        assertThat(document(JobView.of(record)).toJson()).isEqualTo(golden("status-failed.json"));
    }

    @ParameterizedTest
    @CsvSource({
        "SCHEDULED, 0, NotStarted",
        "SCHEDULED, 1, Running",
        "QUEUED, 0, NotStarted",
        "QUEUED, 2, Running",
        "RUNNING, 1, Running",
        "SUCCEEDED, 1, Succeeded",
        "FAILED, 1, Failed",
        "LOST, 1, Failed",
        "EXPIRED, 0, Failed",
        "CANCELLED, 1, Canceled"
    })
    void document_state_isAlsoInTheWordsOfPollers(JobState state, int attempts, String status) {
        JobView job = JobView.of(record(state).attempts(attempts).build());
        assertThat(document(job).members()).containsEntry("state", state.name()).containsEntry("status", status);
    }

    @Test
    void document_neverStarted_hasNullsWhereNothingIsKnown() {
        JobView job = JobView.of(JobRecord.builder(ID, "mail.send").build());
        Map<String, Object> members = document(job).members();
        assertThat(members)
                .containsEntry("startedAt", null)
                .containsEntry("problem", null)
                .doesNotContainKeys("finishedAt", "maxAttempts", "resourceLocation", "resultExpired", "dueAt");
        assertThat(members.get("progress")).hasToString("{done=0, total=null, message=}");
    }

    @Test
    void document_scheduledAndDetached_saySo() {
        JobView scheduled = JobView.of(
                record(JobState.SCHEDULED).dueAt(CREATED.plusSeconds(60)).build());
        assertThat(document(scheduled).members()).containsEntry("dueAt", "2026-11-23T09:01:00.123Z");
        JobView detached = JobView.of(record(JobState.CANCELLED).detached(true).build());
        assertThat(document(detached).members()).containsEntry("detached", true);
    }

    @Test
    void document_members_cannotBeChanged() {
        Map<String, Object> members = body(contract().polled(asking(""), job(JobState.RUNNING)));
        assertThatThrownBy(members::clear).isInstanceOf(UnsupportedOperationException.class);
    }
}
