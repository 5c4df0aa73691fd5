package dev.aside.offload.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreferTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "respond-async                          | true  |",
                "Respond-Async                          | true  |",
                "respond-async=\"\"                     | true  |",
                "respond-async=true                     | false |",
                "respond-async;foo;bar=\"a;b\"          | true  |",
                "respond-async, wait=10                 | true  | 10000",
                "respond-async,wait=10                  | true  | 10000",
                "wait=10, respond-async                 | true  | 10000",
                "wait = 10                              | false | 10000",
                "wait=\"10\"                            | false | 10000",
                "wait=0                                 | false | 0",
                "wait=007                               | false | 7000",
                "wait=10;x=1                            | false | 10000",
                "WAIT=3                                 | false | 3000",
                "wait=1, wait=9                         | false | 1000",
                "wait=x, wait=9                         | false |",
                "wait=-1                                | false |",
                "wait=1.5                               | false |",
                "wait                                   | false |",
                "wait=99999999999999999999999           | false | 2147483647000",
                "wait-ms=500                            | false | 500",
                "wait=10, wait-ms=500                   | false | 500",
                "wait=1, wait-ms=5000                   | false | 1000",
                "foo, , ,, respond-async ,              | true  |",
                "foo=\"a, respond-async\"               | false |",
                "foo=\"a\\\"b\", respond-async          | true  |",
                "return=minimal; foo=\"some parameter\" | false |",
            })
    void parse_grammarHolds_readsPreferences(String value, boolean async, Long millis) {
        Prefer prefer = Prefer.parse(List.of(value));
        assertThat(prefer.respondAsync()).isEqualTo(async);
        assertThat(prefer.waitTime()).isEqualTo(millis == null ? null : Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "respond-async, =5",
                "respond-async wait=5",
                "respond-async, wait=",
                "respond-async, foo=\"open",
                "respond-async, foo=\"open\\",
                "respond-async; =",
                "respond-async, (x)",
                "respond-async\u0000",
                "respond-async\r\nX: y",
                "respond-async, f\u00fc",
                "respond-async, a=\"\u0007\"",
                "respond-async, a=\"\u20ac\"",
                "\u00a0respond-async"
            })
    void parse_grammarBroken_ignoresAll(String value) {
        assertThat(Prefer.parse(List.of(value))).isSameAs(Prefer.NONE);
    }

    @Test
    void parse_severalLines_areOneList() {
        Prefer prefer = Prefer.parse(List.of("wait=4", "respond-async", "wait=9"));
        assertThat(prefer.respondAsync()).isTrue();
        assertThat(prefer.waitTime()).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void parse_oneLineBroken_ignoresOtherLinesToo() {
        assertThat(Prefer.parse(List.of("respond-async", "\""))).isSameAs(Prefer.NONE);
    }

    @Test
    void parse_tooLong_ignoresAll() {
        String longest = "respond-async" + ",".repeat(HeaderScanner.MAX_LENGTH - 13);
        assertThat(Prefer.parse(List.of(longest)).respondAsync()).isTrue();
        assertThat(Prefer.parse(List.of(longest + ","))).isSameAs(Prefer.NONE);
    }

    @Test
    void parse_nothing_prefersNothing() {
        assertThat(Prefer.parse(List.of()).respondAsync()).isFalse();
        assertThat(Prefer.parse(List.of()).waitTime()).isNull();
    }
}
