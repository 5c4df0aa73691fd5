package dev.aside.offload.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/vnd.aside.job+json",
                "Application/VND.aside.Job+JSON",
                "application/vnd.aside.job+json; q=0.1",
                "application/vnd.aside.job+json;Q=1.000",
                "application/vnd.aside.job+json;v=1;q=0.001;ext=\"a,b\"",
                "application/vnd.aside.job+json;",
                "text/html, application/pdf;q=0.9 , application/vnd.aside.job+json;q=0.5, */*;q=0",
                "application/vnd.aside.job+json;q=0, application/vnd.aside.job+json"
            })
    void names_typeIsThere_true(String value) {
        assertThat(Accept.parse(List.of(value)).names(MediaTypes.JOB)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/*",
                "application/*",
                "application/json",
                "application/vnd.aside.job+json;q=0",
                "application/vnd.aside.job+json;q=0.000",
                "application/vnd.aside.job+json;q=1.001",
                "application/vnd.aside.job+json;q=2",
                "application/vnd.aside.job+json;q=0.1234",
                "application/vnd.aside.job+json;q=.5",
                "application/vnd.aside.job+json;q=0,5",
                "application/vnd.aside.job+json;q=-1",
                "application/vnd.aside.job+json;q",
                "application/vnd.aside.job+json;q=\"",
                "application/vnd.aside.job+json, text",
                "application/vnd.aside.job+json, /",
                "application/vnd.aside.job+json text/html",
                "application /vnd.aside.job+json",
                "application/vnd.aside.job+json\u0000",
                ""
            })
    void names_typeIsNotThereOrGrammarBroken_false(String value) {
        assertThat(Accept.parse(List.of(value)).names(MediaTypes.JOB)).isFalse();
    }

    @Test
    void parse_severalLines_areOneList() {
        Accept accept = Accept.parse(List.of("text/html", "application/vnd.aside.job+json"));
        assertThat(accept.names(MediaTypes.JOB)).isTrue();
    }

    @Test
    void refuses_weightIsZero_trueForThisTypeOnly() {
        Accept accept = Accept.parse(List.of("application/problem+json;q=0, */*"));
        assertThat(accept.refuses(MediaTypes.PROBLEM)).isTrue();
        assertThat(accept.refuses(MediaTypes.JSON)).isFalse();
        assertThat(Accept.parse(List.of()).refuses(MediaTypes.PROBLEM)).isFalse();
    }
}
