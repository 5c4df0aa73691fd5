package dev.aside.offload.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.job.JobKind;
import dev.aside.offload.job.JobProgress;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Jobs, requests and looks into answers for the tests of the contract. */
final class Samples {
    static final String ID = "jb_01KAR0000000000000000000000a";
    static final String BASE = "https://api.example.com/v1";
    static final String SELF = BASE + "/jobs/" + ID;
    static final String RESULT = SELF + "/result";
    static final Instant CREATED = Instant.parse("2026-11-23T09:00:00.123Z");
    static final Set<JobState> OVER =
            EnumSet.of(JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED, JobState.EXPIRED, JobState.LOST);

    private Samples() {}

    static HttpContractBuilder options() {
        return HttpContract.builder().baseUrl(BASE);
    }

    static HttpContract contract() {
        return options().build();
    }

    static JobRecord.Builder record(JobState state) {
        return JobRecord.builder(ID, "report.render")
                .kind(JobKind.LOCAL)
                .state(state)
                .version(7)
                .attempts(1)
                .createdAt(CREATED)
                .startedAt(CREATED.plusMillis(5))
                .progress(new JobProgress(40, 100, "page 40"));
    }

    static JobView job(JobState state) {
        return JobView.of(record(state).build());
    }

    /** A request from pairs of header name and value. */
    static JobRequest request(String... headers) {
        return asking("", headers);
    }

    static JobRequest asking(String query, String... headers) {
        Headers.Builder fields = Headers.builder();
        for (int i = 0; i < headers.length; i += 2) {
            fields.add(headers[i], headers[i + 1]);
        }
        return new JobRequest(fields.build(), query, false);
    }

    /** All values of a header in one line, empty if there is none. */
    static String header(Answer answer, String name) {
        return String.join(" | ", answer.headers().all(name));
    }

    static Map<String, Object> body(Answer answer) {
        assertThat(answer.body()).isInstanceOf(Body.Document.class);
        return ((Body.Document) answer.body()).members();
    }

    /** The name of the problem an answer carries; fails if it is none, or if its status is another. */
    static String problem(Answer answer) {
        Map<String, Object> body = body(answer);
        assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(body.get("status")).isEqualTo(answer.status());
        return body.get("type").toString().replace("urn:offload:", "");
    }

    static <T> Answer answered(Decision<T> decision) {
        return decision.fold(answer -> answer, next -> {
            throw new AssertionError("not answered, but " + next);
        });
    }

    static <T> T next(Decision<T> decision) {
        return decision.fold(
                answer -> {
                    throw new AssertionError("answered " + answer.status());
                },
                next -> next);
    }
}
