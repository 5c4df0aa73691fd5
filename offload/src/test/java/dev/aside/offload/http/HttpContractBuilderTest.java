package dev.aside.offload.http;

import static dev.aside.offload.http.Samples.header;
import static dev.aside.offload.http.Samples.job;
import static dev.aside.offload.http.Samples.next;
import static dev.aside.offload.http.Samples.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.offload.job.JobState;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpContractBuilderTest {
    @ParameterizedTest
    @CsvSource({
        "https://api.example.com, https://api.example.com/jobs/",
        "https://api.example.com/, https://api.example.com/jobs/",
        "HTTP://localhost:8080/v1/, HTTP://localhost:8080/v1/jobs/",
        "http://my_service:8080, http://my_service:8080/jobs/",
        "http://[::1]:8080, http://[::1]:8080/jobs/"
    })
    void baseUrl_absolute_beginsEveryAddress(String base, String jobs) {
        HttpContract contract = HttpContract.builder().baseUrl(base).build();
        StartPlan plan = next(contract.start(request(), StartRules.standard()));
        assertThat(header(contract.accepted(plan, job(JobState.QUEUED)), "Location"))
                .isEqualTo(jobs + Samples.ID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/v1",
                "api.example.com",
                "ftp://api.example.com",
                "https://",
                "https:///v1",
                "https://user@api.example.com",
                "https://api.example.com?x=1",
                "https://api.example.com/#x",
                "https://api.example.com//",
                "https://api.example.com/a b",
                "https://api.example.com\r\n"
            })
    void baseUrl_anythingElse_isRefusedWithValueAndHint(String base) {
        assertThatThrownBy(() -> HttpContract.builder().baseUrl(base))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("base URL '" + base + "'")
                .hasMessageContaining("Hint: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "jobs", "/jobs/", "//jobs", "/a b", "/a?b", "/a\r\n", "/\u00e9"})
    void jobsPath_noPath_isRefused(String path) {
        assertThatThrownBy(() -> HttpContract.builder().jobsPath(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("jobs path '" + path + "'");
    }

    static Stream<Arguments> outOfRange() {
        return Stream.of(
                refusal("host 'a/b'", b -> b.addressesFromRequest("a/b")),
                refusal("problem base 'x'", b -> b.problemBase("x")),
                refusal("problem base 'https://a/b'", b -> b.problemBase("https://a/b")),
                refusal("problem base '/problems/'", b -> b.problemBase("/problems/")),
                refusal("problem base 'urn: x:'", b -> b.problemBase("urn: x:")),
                refusal("retryAfter PT0.099S", b -> b.retryAfter(Duration.ofMillis(99))),
                refusal("retryAfter PT2H", b -> b.retryAfter(Duration.ofHours(2))),
                refusal("maxRetryAfter PT0S", b -> b.maxRetryAfter(Duration.ZERO)),
                refusal("maxPollWait PT-1S", b -> b.maxPollWait(Duration.ofSeconds(-1))),
                refusal("maxPollWait PT1M1S", b -> b.maxPollWait(Duration.ofSeconds(61))),
                refusal("heartbeat PT0.5S", b -> b.heartbeat(Duration.ofMillis(500))));
    }

    private static Arguments refusal(String what, Consumer<HttpContractBuilder> setting) {
        return Arguments.of(what, setting);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outOfRange")
    void setter_valueOutOfRange_isRefusedOnTheSpot(String what, Consumer<HttpContractBuilder> setting) {
        HttpContractBuilder builder = HttpContract.builder();
        assertThatThrownBy(() -> setting.accept(builder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(what);
    }

    @Test
    void build_noAddresses_isRefusedWithHint() {
        HttpContractBuilder builder = HttpContract.builder();
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("baseUrl(")
                .hasMessageContaining("addressesFromRequest(");
    }

    @Test
    void addresses_configuredTwice_areRefused() {
        HttpContractBuilder builder = HttpContract.builder().baseUrl("https://a.example");
        assertThatThrownBy(builder::addressesFromRequest).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void build_pausesContradict_isRefused() {
        HttpContractBuilder builder =
                HttpContract.builder().baseUrl("https://a.example").retryAfter(Duration.ofMinutes(1));
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("PT1M")
                .hasMessageContaining("PT30S");
    }

    @Test
    void startRules_outOfRange_areRefused() {
        StartRules rules = StartRules.standard();
        assertThatThrownBy(() -> rules.threshold(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("threshold PT-1S");
        assertThatThrownBy(() -> rules.maxWait(Duration.ofSeconds(61)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("maxWait PT1M1S");
    }

    @Test
    void startRules_thresholdAndMaxWait_followEachOther() {
        assertThat(StartRules.standard().threshold(Duration.ofSeconds(40)).maxWait())
                .isEqualTo(Duration.ofSeconds(40));
        assertThat(StartRules.standard().maxWait(Duration.ofMillis(100)).threshold())
                .isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void jobView_maxAttemptsBelowOne_isRefused() {
        JobView job = job(JobState.QUEUED);
        assertThatThrownBy(() -> job.maxAttempts(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Samples.ID);
    }
}
