package dev.aside.offload.http;

import static dev.aside.offload.http.Samples.BASE;
import static dev.aside.offload.http.Samples.ID;
import static dev.aside.offload.http.Samples.RESULT;
import static dev.aside.offload.http.Samples.SELF;
import static dev.aside.offload.http.Samples.answered;
import static dev.aside.offload.http.Samples.asking;
import static dev.aside.offload.http.Samples.body;
import static dev.aside.offload.http.Samples.contract;
import static dev.aside.offload.http.Samples.header;
import static dev.aside.offload.http.Samples.job;
import static dev.aside.offload.http.Samples.next;
import static dev.aside.offload.http.Samples.options;
import static dev.aside.offload.http.Samples.problem;
import static dev.aside.offload.http.Samples.record;
import static dev.aside.offload.http.Samples.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.OnWaitTimeout;
import dev.aside.offload.job.JobState;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartTest {
    private static final StartRules RULES = StartRules.standard();

    private static StartPlan plan(StartRules rules, String... headers) {
        return next(contract().start(request(headers), rules));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AFTER_WAIT | ''                       |   200 | CONTINUE | ''       | ''",
                "AFTER_WAIT | respond-async            |   200 | CONTINUE | ''       | respond-async",
                "AFTER_WAIT | respond-async, wait=10   | 10000 | CONTINUE | wait=10  | respond-async, wait=10",
                "AFTER_WAIT | respond-async, wait=0    |     0 | CONTINUE | wait=0   | respond-async, wait=0",
                "AFTER_WAIT | wait=10                  | 10000 | CONTINUE | wait=10  | wait=10",
                "AFTER_WAIT | wait=100                 | 30000 | CONTINUE | wait=30  | wait=30",
                "AFTER_WAIT | wait-ms=500              |   500 | CONTINUE | wait-ms=500 | wait-ms=500",
                "AFTER_WAIT | wait=x                   |   200 | CONTINUE | ''       | ''",
                "AFTER_WAIT | respond-async, wait=\"   |   200 | CONTINUE | ''       | ''",
                "AT_ONCE    | ''                       |     0 | CONTINUE | ''       | ''",
                "AT_ONCE    | respond-async, wait=10   |     0 | CONTINUE | ''       | respond-async",
                "ON_REQUEST | ''                       | 30000 | CANCEL   | ''       | ''",
                "ON_REQUEST | wait=10                  | 10000 | CANCEL   | wait=10  | wait=10",
                "ON_REQUEST | respond-async            |   200 | CONTINUE | ''       | respond-async",
                "ON_REQUEST | respond-async, wait=10   | 10000 | CONTINUE | wait=10  | respond-async, wait=10",
                "NEVER      | ''                       |   200 | CANCEL   | ''       | ''",
                "NEVER      | respond-async, wait=10   | 10000 | CANCEL   | wait=10  | ''",
            })
    void start_preferences_decideWaitAndWhatIsApplied(
            PromotionMode mode, String prefer, long millis, OnWaitTimeout then, String inline, String promoted) {
        StartPlan plan = plan(RULES.promotion(mode), prefer.isEmpty() ? "X" : "Prefer", prefer);
        assertThat(plan.threshold()).isEqualTo(Duration.ofMillis(millis));
        assertThat(plan.onWaitTimeout()).isEqualTo(then);
        assertThat(header(contract().inline(plan, ResultHead.of(200)), "Preference-Applied"))
                .isEqualTo(inline);
        if (then == OnWaitTimeout.CONTINUE) {
            assertThat(header(contract().accepted(plan, job(JobState.RUNNING)), "Preference-Applied"))
                    .isEqualTo(promoted);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 204, 404, 500})
    void inline_anyStatus_isTheOperationsOwnAnswer(int status) {
        Headers own = Headers.builder()
                .add("Content-Type", "application/pdf")
                .add("Set-Cookie", "a=b")
                .add("Vary", "Origin")
                .build();
        Answer answer = contract().inline(plan(RULES), new ResultHead(status, own));
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).isInstanceOf(Body.Result.class);
        assertThat(answer.headers().toMap())
                .hasToString("{Content-Type=[application/pdf], Set-Cookie=[a=b], Vary=[Origin, Prefer]}");
    }

    @Test
    void accepted_anyJob_hasExactlyTheHeadersOfTheContract() {
        StartPlan plan = plan(RULES, "Prefer", "respond-async, wait=1");
        Answer answer = contract().accepted(plan, job(JobState.RUNNING));
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.headers().toMap())
                .hasToString("{Vary=[Prefer], Preference-Applied=[respond-async, wait=1], Location=[" + SELF
                        + "], Operation-Location=[" + SELF + "?redirect=false], Retry-After=[1],"
                        + " Cache-Control=[no-store], Content-Type=[application/json]}");
        assertThat(body(answer)).containsEntry("id", ID).containsEntry("status", "Running");
    }

    @Test
    void accepted_clientKnowsTheMediaType_getsIt() {
        Answer answer =
                contract().accepted(plan(RULES, "Accept", "application/vnd.aside.job+json, */*"), job(JobState.QUEUED));
        assertThat(header(answer, "Content-Type")).isEqualTo("application/vnd.aside.job+json");
    }

    @ParameterizedTest
    @CsvSource({"PT0.3S, 1, 300", "PT2.001S, 3, 2001", "PT10M, 30, 30000", "-PT1S, 1, 100", "PT0S, 1, 100"})
    void accepted_estimate_isRoundedUpAndBounded(Duration estimate, String header, long millis) {
        Answer answer = contract().accepted(plan(RULES), job(JobState.RUNNING).retryAfter(estimate));
        assertThat(header(answer, "Retry-After")).isEqualTo(header);
        assertThat(body(answer)).containsEntry("retryAfterMs", millis);
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "\"unclosed-string", "two keys"})
    void start_keyMalformed_is400(String key) {
        Answer answer = answered(contract().start(request("Idempotency-Key", key), RULES));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(problem(answer)).isEqualTo("idempotency-key-malformed");
    }

    @Test
    void start_keyMissingWhereRequired_is400() {
        Answer answer = answered(contract().start(request(), RULES.key(KeyRule.REQUIRED)));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(problem(answer)).isEqualTo("idempotency-key-missing");
    }

    @Test
    void start_keyIgnored_isNotLookedAt() {
        StartPlan plan = plan(RULES.key(KeyRule.IGNORED), "Idempotency-Key", "short");
        assertThat(plan.idempotencyKey()).isEmpty();
        assertThat(plan(RULES.key(KeyRule.IGNORED), "Idempotency-Key", "long-enough")
                        .idempotencyKey())
                .isEmpty();
    }

    @Test
    void idempotencyKey_scope_isCallerAndRouteAndKey() {
        StartPlan plan = plan(RULES.key(KeyRule.REQUIRED), "Idempotency-Key", "\"order-42-a\"");
        assertThat(plan.idempotencyKey()).contains("order-42-a");
        String scoped = plan.idempotencyKey("ann", "POST /reports").orElseThrow();
        assertThat(scoped).hasSize(64).matches("[0-9a-f]+");
        assertThat(plan(RULES, "Idempotency-Key", "order-42-a").idempotencyKey("ann", "POST /reports"))
                .contains(scoped);
        assertThat(plan.idempotencyKey("bob", "POST /reports"))
                .isNotEqualTo(plan.idempotencyKey("ann", "POST /reports"));
        assertThat(plan.idempotencyKey("ann", "POST /mails").orElseThrow()).isNotEqualTo(scoped);
        assertThat(plan.idempotencyKey("annP", "OST /reports").orElseThrow()).isNotEqualTo(scoped);
        assertThat(plan(RULES).idempotencyKey("ann", "POST /reports")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = JobState.class,
            names = {"SCHEDULED", "QUEUED", "RUNNING"})
    void replayed_firstRequestGoesOn_is202ToItsJob(JobState state) {
        Answer answer = contract().replayed(plan(RULES, "Idempotency-Key", "12345678"), job(state));
        assertThat(answer.status()).isEqualTo(202);
        assertThat(header(answer, "Location")).isEqualTo(SELF);
        assertThat(header(answer, "Idempotent-Replayed")).isEqualTo("true");
    }

    @Test
    void replayed_firstRequestGoesOnAndKeysAreStrict_is409() {
        HttpContract strict = options().strictIdempotencyKeys(true).build();
        Answer answer = strict.replayed(plan(RULES), job(JobState.RUNNING));
        assertThat(answer.status()).isEqualTo(409);
        assertThat(problem(answer)).isEqualTo("idempotency-key-in-progress");
        assertThat(header(answer, "Retry-After")).isEqualTo("1");
    }

    @Test
    void replayed_firstRequestGoesOnAndClientMayNotGetAJob_is409() {
        Answer answer = contract().replayed(plan(RULES.promotion(PromotionMode.ON_REQUEST)), job(JobState.RUNNING));
        assertThat(answer.status()).isEqualTo(409);
    }

    @Test
    void inline_ofARepeatedCall_saysSo() {
        StartPlan plan = plan(RULES, "Idempotency-Key", "12345678");
        assertThat(header(contract().inline(plan, ResultHead.of(200), true), "Idempotent-Replayed"))
                .isEqualTo("true");
        assertThat(contract().inline(plan, ResultHead.of(200)).headers().first("Idempotent-Replayed"))
                .isEmpty();
    }

    @Test
    void replayed_firstRequestSucceeded_isItsAnswerAgain() {
        Headers own = Headers.builder()
                .add("Content-Type", "application/pdf")
                .add("Location", "https://api.example.com/v1/reports/9")
                .build();
        Answer answer = contract().replayed(plan(RULES), job(JobState.SUCCEEDED).result(new ResultHead(201, own)));
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body()).isInstanceOf(Body.Result.class);
        assertThat(header(answer, "Content-Type")).isEqualTo("application/pdf");
        assertThat(header(answer, "Location")).isEqualTo("https://api.example.com/v1/reports/9");
        assertThat(header(answer, "Idempotent-Replayed")).isEqualTo("true");
        assertThat(header(answer, "Vary")).isEqualTo("Prefer");
    }

    @Test
    void replayed_firstRequestSucceededWithAMatchingTag_isNot304() {
        JobRequest request = request("If-None-Match", "*");
        Answer answer = contract().replayed(next(contract().start(request, RULES)), job(JobState.SUCCEEDED));
        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void replayed_firstRequestFailed_isItsProblemAgain() {
        Answer answer = contract().replayed(plan(RULES), job(JobState.FAILED));
        assertThat(answer.status()).isEqualTo(500);
        assertThat(problem(answer)).isEqualTo("job-failed");
        assertThat(header(answer, "Idempotent-Replayed")).isEqualTo("true");
    }

    @Test
    void replayed_clientAlwaysGetsAJob_is202EvenWhenItIsOver() {
        Answer answer = contract().replayed(plan(RULES.promotion(PromotionMode.AT_ONCE)), job(JobState.SUCCEEDED));
        assertThat(answer.status()).isEqualTo(202);
        assertThat(header(answer, "Location")).isEqualTo(SELF);
        assertThat(body(answer)).containsEntry("status", "Succeeded").containsEntry("resourceLocation", RESULT);
    }

    @Test
    void start_addressesFromRequest_useHostAndConnectionOnly() {
        HttpContract contract = HttpContract.builder()
                .addressesFromRequest()
                .jobsPath("/api/jobs")
                .build();
        Headers headers = Headers.builder()
                .add("Host", "Shop.example.com:8443")
                .add("X-Forwarded-Host", "evil.com")
                .add("X-Forwarded-Proto", "ftp")
                .add("Forwarded", "host=evil.com;proto=ftp")
                .build();
        StartPlan plan = next(contract.start(new JobRequest(headers, "", true), RULES));
        assertThat(header(contract.accepted(plan, job(JobState.QUEUED)), "Location"))
                .isEqualTo("https://shop.example.com:8443/api/jobs/" + ID);
    }

    @Test
    void start_hostileHostAndAddressesFromRequest_is400AndNothingStarts() {
        HttpContract contract = HttpContract.builder().addressesFromRequest().build();
        Answer answer = answered(contract.start(request("Host", "evil.com/x"), RULES));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(problem(answer)).isEqualTo("host-refused");
    }

    @ParameterizedTest
    @CsvSource({
        "shop.example.com, true",
        "SHOP.example.com:9, true",
        "admin.example.com:8080, true",
        "admin.example.com, false",
        "evil.com, false"
    })
    void start_allowedHosts_decide(String host, boolean allowed) {
        HttpContract contract = HttpContract.builder()
                .addressesFromRequest("shop.example.com", "admin.example.com:8080")
                .build();
        assertThat(contract.start(request("Host", host), RULES) instanceof Decision.Next<StartPlan>)
                .isEqualTo(allowed);
    }

    @Test
    void start_baseUrlConfigured_hostDoesNotMatter() {
        StartPlan plan = next(contract().start(asking("", "Host", "evil.com"), RULES));
        assertThat(header(contract().accepted(plan, job(JobState.QUEUED)), "Location"))
                .startsWith(BASE + "/jobs/");
    }

    @Test
    void accepted_recordWithExceptionText_keepsItIn() {
        JobView failed = JobView.of(
                record(JobState.FAILED).error("java.sql.SQLException: password").build());
        Answer answer = contract().replayed(plan(RULES.promotion(PromotionMode.AT_ONCE)), failed);
        assertThat(((Body.Document) answer.body()).toJson())
                .doesNotContain("SQLException")
                .doesNotContain("password");
    }
}
