package dev.aside.offload.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmallValuesTest {
    @ParameterizedTest
    @CsvSource({
        "-PT5S, 1",
        "PT0S, 1",
        "PT0.001S, 1",
        "PT1S, 1",
        "PT1.000000001S, 2",
        "PT1.5S, 2",
        "PT30S, 30",
        "PT24H, 86400",
        "PT24H0.1S, 86400",
        "PT2562047788015215H30M7S, 86400",
        "PT-2562047788015215H, 1",
    })
    void retryAfter_anyDuration_isRoundedUpWithinBounds(Duration pause, String header) {
        assertThat(Durations.retryAfter(pause)).isEqualTo(header);
    }

    @ParameterizedTest
    @CsvSource({
        "7, 7",
        "0, 0",
        "007, 7",
        "999999999999999999, 999999999999999999",
        "9999999999999999999, -1",
        "-1, -1",
        "+1, -1",
        "7x, -1",
        "' 7', -1",
        "'', -1",
        "\u0667, -1",
    })
    void lastEventId_text_isAVersionOrNone(String text, long version) {
        assertThat(LastEventId.parse(List.of(text))).isEqualTo(version);
    }

    @Test
    void lastEventId_noneOrSeveral_isNone() {
        assertThat(LastEventId.parse(List.of())).isEqualTo(LastEventId.NONE);
        assertThat(LastEventId.parse(List.of("7", "7"))).isEqualTo(LastEventId.NONE);
    }

    @Test
    void json_everyKindOfValue_isWritten() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("s", "a\"\\\n\u0001\u2028\ud83d\ude00\ud83d");
        tree.put("n", Arrays.asList(1, -2L, 1.5, Double.NaN, Float.POSITIVE_INFINITY, null));
        tree.put("b", true);
        tree.put("o", Map.of());
        tree.put("a", List.of());
        assertThat(JsonText.of(tree))
                .isEqualTo("{\"s\":\"a\\\"\\\\\\u000a\\u0001\\u2028\ud83d\ude00\\ud83d\","
                        + "\"n\":[1,-2,1.5,null,null,null],\"b\":true,\"o\":{},\"a\":[]}");
    }

    @Test
    void headers_names_areFoundWithoutRegardToCase() {
        Headers headers = Headers.of(Map.of("prefer", List.of("a", "b")));
        assertThat(headers.all("Prefer")).containsExactly("a", "b");
        assertThat(headers.first("PREFER")).contains("a");
        assertThat(headers.first("Accept")).isEmpty();
    }

    @Test
    void headers_toMap_joinsNamesThatDifferInCase() {
        Headers headers = Headers.builder()
                .add("Vary", "a")
                .add("ETag", "\"1\"")
                .add("vary", "b")
                .build();
        assertThat(headers.toMap()).hasToString("{Vary=[a, b], ETag=[\"1\"]}");
    }

    @Test
    void headers_toString_keepsValuesOut() {
        assertThat(Headers.builder().add("Authorization", "secret").build().toString())
                .contains("Authorization")
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"''|Prefer", "Origin|Origin, Prefer", "*|*", "prefer|prefer", "Origin,PREFER|Origin,PREFER"})
    void vary_present_isExtendedOnce(String present, String expected) {
        Headers.Builder headers = Headers.builder();
        if (!present.isEmpty()) {
            headers.add("Vary", present);
        }
        assertThat(headers.vary("Prefer").vary("Prefer").build().all("Vary")).containsExactly(expected);
    }

    @Test
    void sseFrame_dataWithLineBreaks_staysOneEvent() {
        assertThat(SseFrame.event(3, "state", "a\nb\r\nc\rid: 9"))
                .isEqualTo("id: 3\nevent: state\ndata: a\ndata: b\ndata: c\ndata: id: 9\n\n");
    }

    @Test
    void jobLinks_strangeId_staysOneSegment() {
        assertThat(JobLinks.of("https://a/jobs", "../x?y#z\u00e9\r\n").self())
                .isEqualTo("https://a/jobs/%2E%2E%2Fx%3Fy%23z%C3%A9%0D%0A");
    }
}
