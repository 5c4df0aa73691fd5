package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogEntryTest {
    @Test
    void read_whatIsWritten_isTheSame() {
        LogEntry entry = LogEntry.read(utf8("generation! " + LogEntry.written("node1", "product", ":a b|ü")));

        assertThat(entry).isNotNull();
        assertThat(entry.generation()).isEqualTo("generation!");
        assertThat(entry.node()).isEqualTo("node1");
        assertThat(entry.cache()).isEqualTo("product");
        assertThat(entry.logKey()).isEqualTo(utf8(":a b|ü"));
    }

    @Test
    void read_keyOfAnyBytes_isGivenAsItIs() {
        byte[] bytes = {'g', ' ', 'n', ' ', 'c', ' ', (byte) 0xFF, ' '};

        assertThat(LogEntry.read(bytes))
                .isNotNull()
                .satisfies(entry -> assertThat(entry.logKey()).isEqualTo(new byte[] {(byte) 0xFF, ' '}));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "g", "g n", "g n c", "generation:key"})
    void read_partsMissing_isNone(String text) {
        assertThat(LogEntry.read(utf8(text))).isNull();
    }

    @Test
    void read_noSuchField_isNone() {
        assertThat(LogEntry.read(null)).isNull();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
