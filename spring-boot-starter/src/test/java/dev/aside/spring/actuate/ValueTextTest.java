package dev.aside.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValueTextTest {

    @Test
    void value_short_isItsToString() {
        assertThat(ValueText.of(12.5)).isEqualTo(new ValueText("12.5", false));
        assertThat(ValueText.of("text")).isEqualTo(new ValueText("text", false));
        assertThat(ValueText.of(new Point(1, 2))).isEqualTo(new ValueText("Point[x=1, y=2]", false));
    }

    @Test
    void collections_short_areWrittenAsUsual() {
        assertThat(ValueText.of(List.of("a", List.of(1, 2))).text()).isEqualTo("[a, [1, 2]]");
        assertThat(ValueText.of(Map.of("a", List.of())).text()).isEqualTo("{a=[]}");
        assertThat(ValueText.of(new String[] {"a", "b"}).text()).isEqualTo("[a, b]");
        assertThat(ValueText.of(Collections.singletonList(null)).text()).isEqualTo("[null]");
    }

    @Test
    void value_long_isCutAndSaysSo() {
        ValueText text = ValueText.of("x".repeat(ValueText.LIMIT + 1));
        assertThat(text.text()).hasSize(ValueText.LIMIT);
        assertThat(text.truncated()).isTrue();
        assertThat(ValueText.of("x".repeat(ValueText.LIMIT)).truncated()).isFalse();
    }

    @Test
    void collection_ofMany_isNotReadToItsEnd() {
        Counting element = new Counting();
        ValueText text = ValueText.of(Collections.nCopies(1_000_000, element));
        assertThat(text.truncated()).isTrue();
        assertThat(element.asked).isLessThan(ValueText.LIMIT);
    }

    @Test
    void collection_holdingItself_ends() {
        List<Object> circle = new ArrayList<>();
        circle.add(circle);
        assertThat(ValueText.of(circle).truncated()).isTrue();
    }

    @Test
    void toString_thatThrows_isTold() {
        assertThat(ValueText.of(new Object() {
                            @Override
                            public String toString() {
                                throw new IllegalStateException("secret");
                            }
                        })
                        .text())
                .isEqualTo("(toString failed: java.lang.IllegalStateException)");
    }

    private record Point(int x, int y) {}

    private static final class Counting {
        private int asked;

        @Override
        public String toString() {
            asked++;
            return "counted";
        }
    }
}
