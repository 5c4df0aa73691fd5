package dev.aside.offload.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"7\"                 | true  | true",
                "W/\"7\"               | true  | false",
                "\"6\", \"7\"          | true  | true",
                "\"6\" ,, W/\"7\" ,    | true  | false",
                "*                     | true  | true",
                "` * `                 | true  | true",
                "\"6\"                 | false | false",
                "\"77\"                | false | false",
                "\"a,b\", \"7\"        | true  | true",
                "\"\"                  | false | false",
            })
    void match_wellFormed_comparesAsTheHeaderSays(String value, boolean weakly, boolean strongly) {
        EntityTags tags = EntityTags.parse(List.of(value));
        assertThat(tags.isMalformed()).isFalse();
        assertThat(tags.matchWeakly("\"7\"")).isEqualTo(weakly);
        assertThat(tags.matchStrongly("\"7\"")).isEqualTo(strongly);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7",
                "\"7",
                "7\"",
                "w/\"7\"",
                "W\"7\"",
                "W/7",
                "W/ \"7\"",
                "\"7\" \"8\"",
                "\"7\", *",
                "*, \"7\"",
                "**",
                "\"a b\"",
                "\"7\"\u0000",
                "\"\u0100\"",
                "\"7\"\r\n",
                ",",
                "",
                "\u00a0*"
            })
    void parse_grammarBroken_isMalformedAndMatchesNothing(String value) {
        EntityTags tags = EntityTags.parse(List.of(value));
        assertThat(tags.isMalformed()).isTrue();
        assertThat(tags.isAbsent()).isFalse();
        assertThat(tags.matchWeakly("\"7\"")).isFalse();
        assertThat(tags.matchStrongly("\"7\"")).isFalse();
    }

    @Test
    void parse_noHeader_isAbsentAndMatchesNothing() {
        EntityTags tags = EntityTags.parse(List.of());
        assertThat(tags.isAbsent()).isTrue();
        assertThat(tags.isMalformed()).isFalse();
        assertThat(tags.matchWeakly("\"7\"")).isFalse();
    }

    @Test
    void parse_severalLines_areOneList() {
        assertThat(EntityTags.parse(List.of("\"6\"", "\"7\"")).matchStrongly("\"7\""))
                .isTrue();
    }

    @Test
    void parse_tooLong_isMalformed() {
        assertThat(EntityTags.parse(List.of("\"" + "x".repeat(HeaderScanner.MAX_LENGTH) + "\""))
                        .isMalformed())
                .isTrue();
    }

    @Test
    void matchStrongly_ownTagIsWeak_false() {
        assertThat(EntityTags.parse(List.of("W/\"7\"")).matchStrongly("W/\"7\""))
                .isFalse();
    }
}
