package dev.aside.offload.http;

import static dev.aside.offload.http.Samples.OVER;
import static dev.aside.offload.http.Samples.RESULT;
import static dev.aside.offload.http.Samples.answered;
import static dev.aside.offload.http.Samples.asking;
import static dev.aside.offload.http.Samples.body;
import static dev.aside.offload.http.Samples.contract;
import static dev.aside.offload.http.Samples.header;
import static dev.aside.offload.http.Samples.job;
import static dev.aside.offload.http.Samples.next;
import static dev.aside.offload.http.Samples.options;
import static dev.aside.offload.http.Samples.problem;
import static dev.aside.offload.http.Samples.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.job.JobState;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PollTest {
    private static final String DOCUMENT = "application/vnd.aside.job+json";

    @ParameterizedTest
    @EnumSource(
            value = JobState.class,
            names = {"SCHEDULED", "QUEUED", "RUNNING"})
    void poll_jobGoesOn_is202WithExactlyTheHeadersOfTheContract(JobState state) {
        Answer answer = answered(contract().poll(request(), job(state)));
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.headers().toMap())
                .hasToString("{Cache-Control=[private, no-cache], Vary=[Accept, Prefer], ETag=[\"7\"], Retry-After=[1],"
                        + " Content-Type=[application/json]}");
        assertThat(body(answer)).containsEntry("state", state.name());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"7\" | 304",
                "W/\"7\" | 304",
                "\"6\", \"7\" | 304",
                "* | 304",
                "\"6\" | 202",
                "7 | 202",
                "\" | 202"
            })
    void poll_ifNoneMatch_is304WhenUnchanged(String tags, int status) {
        Answer answer = answered(contract().poll(request("If-None-Match", tags), job(JobState.RUNNING)));
        assertThat(answer.status()).isEqualTo(status);
        assertThat(header(answer, "ETag")).isEqualTo("\"7\"");
        assertThat(header(answer, "Retry-After")).isEqualTo("1");
        assertThat(answer.body() instanceof Body.None).isEqualTo(status == 304);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "wait=20      | ``      | 20000",
                "wait=20      | \"7\"   | 20000",
                "wait=20      | W/\"7\" | 20000",
                "wait=20      | junk    | 20000",
                "wait=20      | \"6\"   | 0",
                "wait=99      | \"7\"   | 30000",
                "wait-ms=1500 | \"7\"   | 1500",
                "wait=0       | \"7\"   | 0",
                "wait=no      | \"7\"   | 0",
                "respond-async | \"7\"  | 0",
            })
    void poll_preferWait_isHeldUntilSomethingIsNew(String prefer, String tags, long millis) {
        JobRequest request = request("Prefer", prefer, tags.isEmpty() ? "X" : "If-None-Match", tags);
        Decision<Hold> decision = contract().poll(request, job(JobState.RUNNING));
        if (millis == 0) {
            assertThat(answered(decision).status()).isIn(202, 304);
        } else {
            assertThat(next(decision)).isEqualTo(new Hold(7, Duration.ofMillis(millis)));
        }
    }

    @Test
    void poll_preferWaitAndJobIsOver_isNotHeld() {
        Answer answer = answered(contract().poll(request("Prefer", "wait=20"), job(JobState.SUCCEEDED)));
        assertThat(answer.status()).isEqualTo(303);
    }

    @Test
    void poll_preferWaitButHoldingIsOff_isNotHeld() {
        HttpContract contract = options().maxPollWait(Duration.ZERO).build();
        Answer answer = answered(contract.poll(request("Prefer", "wait=20"), job(JobState.RUNNING)));
        assertThat(header(answer, "Preference-Applied")).isEqualTo("wait=0");
    }

    @Test
    void polled_afterHold_reportsTheWait() {
        JobRequest request = request("Prefer", "wait=99", "If-None-Match", "\"7\"");
        Answer answer = contract().polled(request, job(JobState.RUNNING));
        assertThat(answer.status()).isEqualTo(304);
        assertThat(header(answer, "Preference-Applied")).isEqualTo("wait=30");
    }

    static Stream<Arguments> profiles() {
        return OVER.stream()
                .flatMap(state -> Stream.of(
                        Arguments.of(CompletionProfile.REDIRECT, state, 303),
                        Arguments.of(CompletionProfile.STATUS, state, 200),
                        Arguments.of(
                                CompletionProfile.RESULT,
                                state,
                                switch (state) {
                                    case SUCCEEDED -> 200;
                                    case CANCELLED, EXPIRED -> 410;
                                    default -> 500;
                                })));
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void poll_jobIsOver_profileDecides(CompletionProfile profile, JobState state, int status) {
        HttpContract contract = options().completion(profile).build();
        Answer answer = answered(contract.poll(request(), job(state)));
        assertThat(answer.status()).isEqualTo(status);
        assertThat(header(answer, "Location")).isEqualTo(status == 303 ? RESULT : "");
        assertThat(header(answer, "Retry-After")).isEmpty();
        assertThat(header(answer, "Vary")).isEqualTo("Accept, Prefer");
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void poll_jobIsOverAndDocumentIsAskedFor_is200WithIt(CompletionProfile profile, JobState state, int ignored) {
        HttpContract contract = options().completion(profile).build();
        Answer byQuery = answered(contract.poll(asking("redirect=false"), job(state)));
        Answer byAccept = answered(contract.poll(request("Accept", DOCUMENT), job(state)));
        assertThat(byQuery.status()).isEqualTo(200);
        assertThat(byAccept.status()).isEqualTo(200);
        assertThat(body(byQuery)).containsEntry("state", state.name()).isEqualTo(body(byAccept));
        assertThat(header(byQuery, "ETag")).isEqualTo("\"7\"");
        assertThat(header(byQuery, "Content-Type")).isEqualTo("application/json");
        assertThat(header(byAccept, "Content-Type")).isEqualTo(DOCUMENT);
    }

    @ParameterizedTest
    @CsvSource({
        "redirect=false, 200",
        "a=b&redirect=false, 200",
        "redirect=false&redirect=true, 200",
        "redirect=true&redirect=false, 303",
        "redirect=FALSE, 303",
        "redirect=, 303",
        "redirect, 303",
        "xredirect=false, 303",
        "'&&%zz==', 303"
    })
    void poll_query_asksForTheDocumentInOneWay(String query, int status) {
        assertThat(answered(contract().poll(asking(query), job(JobState.SUCCEEDED)))
                        .status())
                .isEqualTo(status);
    }

    @Test
    void poll_redirectAndMatchingTag_isStill303() {
        Answer answer = answered(contract().poll(request("If-None-Match", "*"), job(JobState.SUCCEEDED)));
        assertThat(answer.status()).isEqualTo(303);
    }

    @Test
    void poll_documentOfFinishedJobUnchanged_is304WithoutRetryAfter() {
        Answer answer =
                answered(contract().poll(asking("redirect=false", "If-None-Match", "\"7\""), job(JobState.SUCCEEDED)));
        assertThat(answer.status()).isEqualTo(304);
        assertThat(header(answer, "Retry-After")).isEmpty();
    }

    @Test
    void poll_resultExpired_documentSaysSoUnderAnotherTag() {
        JobView expired = job(JobState.SUCCEEDED).resultExpired();
        Answer answer = answered(contract().poll(asking("redirect=false", "If-None-Match", "\"7\""), expired));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(body(answer)).containsEntry("resultExpired", true).containsEntry("status", "Succeeded");
        assertThat(header(answer, "ETag")).isEqualTo("\"7-expired\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "", "x y"})
    void poll_hostileHost_is400AndNotHeld(String host) {
        HttpContract contract = HttpContract.builder().addressesFromRequest().build();
        Answer answer = answered(contract.poll(request("Host", host, "Prefer", "wait=5"), job(JobState.RUNNING)));
        assertThat(problem(answer)).isEqualTo("host-refused");
    }

    @Test
    void notFound_unknownOrForeign_isOneAnswer() {
        Answer answer = contract().notFound(request());
        assertThat(answer.status()).isEqualTo(404);
        assertThat(problem(answer)).isEqualTo("job-not-found");
        assertThat(answer).isEqualTo(contract().notFound(asking("redirect=false", "If-None-Match", "*")));
    }
}
