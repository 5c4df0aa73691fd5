package dev.aside.offload.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.http.IdempotencyKey.Form;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "8e03978e-40d5-43dd-bc93-6894a57f9324     | 8e03978e-40d5-43dd-bc93-6894a57f9324",
                "\"8e03978e-40d5-43dd-bc93-6894a57f9324\" | 8e03978e-40d5-43dd-bc93-6894a57f9324",
                "` \"12345678\" `                         | 12345678",
                "order:42;try=1                           | order:42;try=1",
                "\"a,b;c(d)=\"                            | a,b;c(d)=",
                "\"1234\\\"5678\\\\\"                     | 1234\"5678\\",
                "~!#$%&'*+/=?                             | ~!#$%&'*+/=?",
            })
    void parse_eitherForm_isTheKey(String value, String key) {
        assertThat(IdempotencyKey.parse(List.of(value))).isEqualTo(new IdempotencyKey(Form.PRESENT, key));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1234567",
                "\"1234567\"",
                "\"12345678",
                "12345678\"",
                "\"12345678\" x",
                "\"12345678\";p=1",
                "\"1234 5678\"",
                "1234 5678",
                "12345678,12345678",
                "\"12345678\", \"12345678\"",
                "\"1234\\5678\"",
                "\"12345678\\",
                "1234\\5678",
                "12345678\u0000",
                "1234567\u00e9",
                "1234\r\n5678",
                "\u200212345678"
            })
    void parse_anythingElse_isMalformed(String value) {
        assertThat(IdempotencyKey.parse(List.of(value)).form()).isEqualTo(Form.MALFORMED);
    }

    @Test
    void parse_lengthAtTheEdges_decides() {
        assertThat(IdempotencyKey.parse(List.of("x".repeat(255))).form()).isEqualTo(Form.PRESENT);
        assertThat(IdempotencyKey.parse(List.of("x".repeat(256))).form()).isEqualTo(Form.MALFORMED);
        String escaped = "\"" + "\\\\".repeat(255) + "\"";
        assertThat(IdempotencyKey.parse(List.of(escaped)).value()).isEqualTo("\\".repeat(255));
        assertThat(IdempotencyKey.parse(List.of("x".repeat(1_000_000))).form()).isEqualTo(Form.MALFORMED);
    }

    @Test
    void parse_twoLines_isMalformed() {
        assertThat(IdempotencyKey.parse(List.of("12345678", "12345678")).form()).isEqualTo(Form.MALFORMED);
    }

    @Test
    void parse_noLine_isAbsent() {
        assertThat(IdempotencyKey.parse(List.of()).form()).isEqualTo(Form.ABSENT);
    }
}
