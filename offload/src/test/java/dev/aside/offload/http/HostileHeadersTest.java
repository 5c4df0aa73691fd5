package dev.aside.offload.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.job.JobState;
import dev.aside.offload.spi.CancelAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Requests made of grammar gone wrong. Each value has to be read as a second reading by regular expressions reads it,
 * and whatever it says, each answer has to be one the contract documents.
 */
class HostileHeadersTest {
    private static final int VALUES = 100_000;
    private static final long SEED = 20_261_123;
    private static final String[] NAMES = {
        "Prefer", "Accept", "If-None-Match", "If-Match", "Idempotency-Key", "Last-Event-ID", "Host"
    };
    private static final String[] PIECES = {
        "respond-async",
        "wait",
        "wait-ms",
        "=",
        "10",
        "0",
        "999999999999999999999999",
        "-1",
        ",",
        ", ",
        ";",
        " ",
        "\t",
        "\"",
        "\\",
        "\\\"",
        "*",
        "*/*",
        "W/",
        "\"7\"",
        "W/\"7\"",
        "/",
        "application/vnd.aside.job+json",
        "text/html",
        "q=",
        "q=0.5",
        "q=0",
        "1.0",
        "foo",
        "foo=\"bar\"",
        "8e03978e-40d5-43dd",
        "\"8e03978e-40d5\"",
        "api.example.com",
        ":8080",
        ":99999",
        "[::1]",
        "[",
        "]",
        "@",
        "evil.com",
        "..",
        "\r\n",
        "\r\nSet-Cookie: a=b",
        "\n",
        "\0",
        "\u007f",
        "\u0085",
        "\u00a0",
        "\u00e9",
        "\u010a",
        "\u2028",
        "\ud800",
        "\ud83d\ude00",
        "%0d%0a",
        "<script>",
        "${jndi:ldap://x}",
        "' OR 1=1",
        "7",
        "12345678"
    };

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";
    private static final String TEXT = "[\\t \\x21\\x23-\\x5B\\x5D-\\x7E\\x80-\\xFF]";
    private static final String QUOTED = "\"(?:" + TEXT + "|\\\\[\\t \\x21-\\x7E\\x80-\\xFF])*+\"";
    private static final String WORD = "(?:" + TOKEN + "|" + QUOTED + ")";
    private static final String OWS = "[ \\t]*+";
    private static final String PAIR = TOKEN + "(?:" + OWS + "=" + OWS + WORD + ")?+";
    private static final Pattern PREFER = list(PAIR + "(?:" + OWS + ";" + OWS + "(?:" + PAIR + ")?+)*+");
    private static final Pattern TAGS = list("(?:W/)?+\"[\\x21\\x23-\\x7E\\x80-\\xFF]*+\"");
    private static final Pattern KEY = Pattern.compile(OWS + "(?:([\\x21\\x23-\\x2B\\x2D-\\x5B\\x5D-\\x7E]{8,255})"
            + "|\"((?:[\\x21\\x23-\\x5B\\x5D-\\x7E]|\\\\[\"\\\\]){8,255})\")" + "[ \\t]*");
    private static final Pattern LABELS = Pattern.compile("(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.)*"
            + "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(?::([0-9]{1,5}))?");
    private static final Pattern ADDRESS6 = Pattern.compile("\\[[0-9A-Fa-f:.]{2,45}](?::([0-9]{1,5}))?");

    private static final Pattern APPLIED = Pattern.compile("(respond-async)?(, )?(wait=\\d{1,2}|wait-ms=\\d{1,5})?");
    private static final Set<Integer> DOCUMENTED = Set.of(200, 202, 204, 303, 304, 400, 404, 409, 410, 412, 500);

    private static Pattern list(String element) {
        String comma = "[ \\t]*+,[ \\t,]*+";
        return Pattern.compile("[ \\t,]*+(?:" + element + "(?:" + comma + element + ")*+)?+[ \\t,]*+");
    }

    private final Random random = new Random(SEED);
    private final HttpContract fixed = Samples.contract();
    private final HttpContract own = HttpContract.builder()
            .addressesFromRequest()
            .completion(CompletionProfile.RESULT)
            .build();
    private final Map<JobState, JobView> jobs = new EnumMap<>(JobState.class);

    HostileHeadersTest() {
        for (JobState state : JobState.values()) {
            jobs.put(state, Samples.job(state));
        }
    }

    private <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private String value() {
        if (random.nextInt(500) == 0) {
            return pick(PIECES).repeat(random.nextInt(3_000));
        }
        StringBuilder value = new StringBuilder();
        for (int i = random.nextInt(9); i >= 0; i--) {
            value.append(
                    random.nextInt(8) == 0
                            ? String.valueOf((char) random.nextInt(random.nextBoolean() ? 0x100 : 0x10000))
                            : pick(PIECES));
        }
        return value.toString();
    }

    @Test
    void contract_hundredThousandHostileValues_answersAsDocumented() {
        int values = 0;
        for (int round = 0; values < VALUES; round++) {
            Headers.Builder headers = Headers.builder();
            for (int i = 1 + random.nextInt(5); i > 0; i--, values++) {
                headers.add(pick(NAMES), value());
            }
            JobRequest request = new JobRequest(headers.build(), value(), random.nextBoolean());
            try {
                readsAsRegularExpressionsDo(request.headers());
                answersAsDocumented(fixed, request);
                answersAsDocumented(own, request);
            } catch (Throwable t) {
                throw new AssertionError(
                        "round " + round + " of seed " + SEED + ": "
                                + request.headers().fields(),
                        t);
            }
        }
        assertThat(values).isGreaterThanOrEqualTo(VALUES);
    }

    /** The oracle recurses per element, so it is asked about values of sane length only. */
    private static void readsAsRegularExpressionsDo(Headers headers) {
        List<String> prefer = headers.all("Prefer");
        String preferred = String.join(", ", prefer);
        if (preferred.length() < 500) {
            boolean known = PREFER.matcher(preferred).matches();
            assertThat(Prefer.parse(prefer) != Prefer.NONE).isEqualTo(known);
        }
        List<String> tags = headers.all("If-Match");
        String tagList = String.join(", ", tags);
        if (!tags.isEmpty() && tagList.length() < 500) {
            boolean known = HeaderScanner.trim(tagList).equals("*")
                    || (TAGS.matcher(tagList).matches() && tagList.contains("\""));
            assertThat(EntityTags.parse(tags).isMalformed()).isEqualTo(!known);
        }
        for (String key : headers.all("Idempotency-Key")) {
            boolean known = key.length() <= 512 && KEY.matcher(key).matches();
            assertThat(IdempotencyKey.parse(List.of(key)).form() == IdempotencyKey.Form.PRESENT)
                    .isEqualTo(known);
        }
        for (String host : headers.all("Host")) {
            assertThat(Authority.parse(List.of(host)) != null).isEqualTo(host.length() < 500 && isHost(host));
        }
    }

    private static boolean isHost(String host) {
        for (Pattern form : List.of(LABELS, ADDRESS6)) {
            var match = form.matcher(host);
            if (match.matches()) {
                String port = match.group(1);
                boolean inRange = port == null || (Integer.parseInt(port) > 0 && Integer.parseInt(port) < 65_536);
                return inRange
                        && Authority.hostOf(host).length() <= 253
                        && (form == LABELS || host.chars().filter(c -> c == ':').count() >= (port == null ? 2 : 3));
            }
        }
        return false;
    }

    private void answersAsDocumented(HttpContract contract, JobRequest request) {
        JobView job = jobs.get(pick(JobState.values()));
        List<Answer> answers = new ArrayList<>();
        StartRules rules =
                StartRules.standard().promotion(pick(PromotionMode.values())).key(pick(KeyRule.values()));
        answers.add(contract.start(request, rules).fold(answer -> answer, plan -> {
            assertThat(plan.threshold()).isBetween(Duration.ZERO, rules.maxWait());
            plan.idempotencyKey().ifPresent(key -> assertThat(key).matches("[!-~]{8,255}"));
            answers.add(contract.inline(plan, ResultHead.of(200)));
            answers.add(contract.replayed(plan, job));
            return contract.accepted(plan, job);
        }));
        answers.add(contract.poll(request, job).fold(answer -> answer, hold -> {
            assertThat(hold.atMost()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(30));
            return contract.polled(request, job);
        }));
        answers.add(contract.result(request, job));
        answers.add(contract.cancel(request, job)
                .fold(answer -> answer, order -> contract.cancelled(request, CancelAnswer.REQUESTED, job)));
        answers.add(contract.events(request, job).fold(answer -> answer, EventStream::answer));
        answers.add(contract.notFound(request));
        answers.forEach(HostileHeadersTest::isDocumented);
    }

    private static void isDocumented(Answer answer) {
        assertThat(answer.status()).isIn(DOCUMENTED);
        for (Headers.Field field : answer.headers().fields()) {
            assertThat(field.value()).matches("[ -~]+");
        }
        answer.headers()
                .first("Location")
                .ifPresent(location -> assertThat(location)
                        .matches("https?://[a-z0-9._:\\[\\]-]+(/v1)?/jobs/" + Samples.ID + "(/result)?"));
        answer.headers()
                .first("Preference-Applied")
                .ifPresent(applied -> assertThat(applied).isNotEmpty().matches(APPLIED));
    }
}
