package dev.aside.cache.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.spi.CacheConfigurationException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
    @ParameterizedTest
    @CsvSource({"250ms,PT0.25S", "30s,PT30S", "10m,PT10M", "2h5m,PT2H5M", "1d,PT24H", "0s,PT0S", "1m30s500ms,PT1M30.5S"
    })
    void parse_duration_isReadAndWrittenBack(String text, String iso) {
        assertThat(DurationText.parse(text, "here")).isEqualTo(Duration.parse(iso));
        assertThat(DurationText.format(Duration.parse(iso))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "10", "m10", "-5s", "5s2h", "1.5h", "10M", "PT5M", "1h1h", "9999999999s", "5 s"})
    void parse_anythingElse_isRefusedWithTheText(String text) {
        assertThatThrownBy(() -> DurationText.parse(text, "ttl of x"))
                .isInstanceOf(CacheConfigurationException.class)
                .hasMessageStartingWith("'" + text + "' is not a duration\n    for ttl of x [hint: ");
    }
}
