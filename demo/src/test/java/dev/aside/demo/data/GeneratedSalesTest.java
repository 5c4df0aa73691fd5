package dev.aside.demo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class GeneratedSalesTest {

    @Test
    void writeTo_sameSeed_sameLines() throws IOException {
        assertThat(text(7, 2_000)).isEqualTo(text(7, 2_000)).isNotEqualTo(text(8, 2_000));
    }

    @Test
    void writeTo_anyShop_hasTheShapeOfTheDataSet() throws IOException {
        List<String> lines = text(1, 20_000).lines().toList();
        assertThat(lines).hasSize(20_000);
        assertThat(lines.get(0)).startsWith("536365,").contains(",2010-12-01 08:26:00,");
        assertThat(lines)
                .allMatch(
                        line -> line.matches(
                                "C?\\d{6},\\d{5}[A-H]?,(\"([^\"]|\"\")+\"|[^\",]+),-?\\d+,201[01]-\\d\\d-\\d\\d \\d\\d:\\d\\d:00,\\d+\\.\\d\\d,(\\d{5})?,[^,]+"));
        assertThat(lines).anyMatch(line -> line.contains("\"\"") && line.contains(",\"")); // a quote within quotes
        assertThat(lines).anyMatch(line -> line.contains(",,")); // a guest
        assertThat(lines).allMatch(line -> line.startsWith("C") == line.contains(",-"));
        assertThat(lines.stream().filter(line -> line.startsWith("C")).count()).isBetween(200L, 2_000L);
        assertThat(lines.stream()
                        .filter(line -> line.endsWith("United Kingdom"))
                        .count())
                .isBetween(15_000L, 19_500L);
    }

    @Test
    void new_tooFewLines_refusedWithHint() {
        assertThatThrownBy(() -> new GeneratedSales(1, 999))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("999 lines are not a shop [hint: 1,000 to 1,000,000, such as 300000]");
    }

    private static String text(long seed, int lines) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new GeneratedSales(seed, lines).writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
