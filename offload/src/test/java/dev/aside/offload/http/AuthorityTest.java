package dev.aside.offload.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {
    @ParameterizedTest
    @CsvSource({
        "api.example.com, api.example.com",
        "API.Example.COM:8443, api.example.com:8443",
        "localhost, localhost",
        "localhost:1, localhost:1",
        "10.0.0.1:65535, 10.0.0.1:65535",
        "my_service-2, my_service-2",
        "[::1], [::1]",
        "[2001:DB8::1]:80, [2001:db8::1]:80",
        "[::ffff:10.0.0.1], [::ffff:10.0.0.1]",
    })
    void parse_wellFormed_isRepeatedInLowerCase(String host, String expected) {
        assertThat(Authority.parse(List.of(host))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "evil.com/path",
                "evil.com?x",
                "evil.com#x",
                "user@evil.com",
                "evil.com\r\nX: y",
                "evil.com\u0000",
                "ev\u0131l.com",
                "b\u00fccher.de",
                ".com",
                "a..b",
                "a.",
                "-a.com",
                "a-.com",
                ":80",
                "a:",
                "a:0",
                "a:65536",
                "a:999999",
                "a:8x",
                "a:80:80",
                "a:-1",
                "[",
                "[]",
                "[::1",
                "::1",
                "[::1]x",
                "[::1]:",
                "[fe80::1%25eth0]",
                "[v1.a:b]",
                "[:1]",
                "a,b",
                "<script>",
                "%61.com"
            })
    void parse_anythingElse_isRefused(String host) {
        assertThat(Authority.parse(List.of(host))).isNull();
    }

    @Test
    void parse_noneOrSeveral_isRefused() {
        assertThat(Authority.parse(List.of())).isNull();
        assertThat(Authority.parse(List.of("a.com", "a.com"))).isNull();
    }

    @Test
    void parse_tooLong_isRefused() {
        String label = "x".repeat(63);
        assertThat(Authority.parse(List.of(label))).isEqualTo(label);
        assertThat(Authority.parse(List.of(label + "x"))).isNull();
        assertThat(Authority.parse(List.of((label + ".").repeat(4) + "x"))).isNull();
    }
}
