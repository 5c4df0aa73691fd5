package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ForecastTest {
    private static final long THRESHOLD = Duration.ofMillis(200).toNanos();

    private final Forecast forecast = new Forecast(THRESHOLD);

    private void calls(int times, long millis) {
        for (int i = 0; i < times; i++) {
            forecast.ended(Duration.ofMillis(millis).toNanos());
        }
    }

    private double seconds(Duration elapsed) {
        return forecast.retryAfterNanos(elapsed.toNanos()) / 1e9;
    }

    @Test
    void fewCalls_sayNothing() {
        calls(49, 5_000);
        assertThat(forecast.answersAtOnce()).isFalse();
        assertThat(seconds(Duration.ZERO)).isZero();
        calls(1, 5_000);
        assertThat(forecast.answersAtOnce()).isTrue();
        assertThat(seconds(Duration.ZERO)).isPositive();
    }

    @Test
    void eachFiftiethCall_waitsAllTheSame() {
        calls(50, 5_000);
        long waiting =
                IntStream.range(0, 500).filter(i -> !forecast.answersAtOnce()).count();
        assertThat(waiting).isEqualTo(10);
    }

    @Test
    void share_aboveATenth_neverBegins() {
        for (int i = 0; i < 1_000; i++) {
            calls(1, i % 9 == 0 ? 10 : 900);
        }
        assertThat(forecast.answersAtOnce()).isFalse();
    }

    @Test
    void share_betweenTheLimits_keepsWhatIs() {
        calls(100, 900);
        assertThat(forecast.answersAtOnce()).isTrue();
        for (int i = 0; i < 1_000; i++) {
            calls(1, i % 7 == 0 ? 10 : 900); // one in seven is in time: it would not have begun
        }
        assertThat(forecast.answersAtOnce()).isTrue();
    }

    @Test
    void aboveAFifthAgain_callersWaitAgain() {
        calls(300, 900);
        assertThat(forecast.answersAtOnce()).isTrue();
        calls(20, 200); // exactly at the threshold is in time
        assertThat(forecast.answersAtOnce()).as("1 - 0.99^20 = 18 %").isTrue();
        calls(3, 200);
        assertThat(forecast.answersAtOnce()).as("1 - 0.99^23 = 21 %").isFalse();
    }

    @Test
    void retryAfter_isTheThirdQuartile_lessWhatHasPassed() {
        for (int i = 0; i < 400; i++) {
            calls(1, i % 10 < 7 ? 1_000 : 10_000); // 70 % in 1 s: the third quartile is at 10 s
        }
        assertThat(seconds(Duration.ZERO)).isBetween(10 * 0.8, 10 * 1.25 * 1.2);
        assertThat(seconds(Duration.ofSeconds(6))).isBetween(4 * 0.8, (12.5 - 6) * 1.2);
        assertThat(seconds(Duration.ofMinutes(1))).as("never below 1 s").isBetween(0.8, 1.2);
    }

    @Test
    void retryAfter_ofVeryLongWork_isHalfAMinute() {
        calls(50, Duration.ofHours(2).toMillis());
        assertThat(IntStream.range(0, 1_000)
                        .mapToDouble(i -> seconds(Duration.ZERO))
                        .summaryStatistics())
                .satisfies(pauses -> {
                    assertThat(pauses.getMin()).isBetween(24.0, 26.0);
                    assertThat(pauses.getMax()).isBetween(34.0, 36.0);
                });
    }
}
