package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.aside.offload.job.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

class JacksonPayloadCodecTest {
    private final JacksonPayloadCodec codec = JacksonPayloadCodec.create();

    enum Format {
        PDF,
        CSV
    }

    record Line(String item, BigDecimal price, int count) {}

    record Report(
            String title,
            YearMonth month,
            LocalDate day,
            Instant at,
            OffsetDateTime offset,
            ZonedDateTime zoned,
            Duration within,
            Optional<String> note,
            Optional<String> none,
            Format format,
            List<Line> lines,
            Map<String, Long> totals) {}

    private static final Report REPORT = new Report(
            "Umsätze \"Ü\" \uD83D\uDE00",
            YearMonth.of(2011, 11),
            LocalDate.of(2011, 11, 30),
            Instant.parse("2011-11-30T22:00:00.123456789Z"),
            OffsetDateTime.parse("2011-11-30T23:00:00+01:00"),
            ZonedDateTime.parse("2011-11-30T23:00:00+01:00[Europe/Berlin]"),
            Duration.ofMillis(90_500),
            Optional.of("draft"),
            Optional.empty(),
            Format.PDF,
            List.of(new Line("lantern", new BigDecimal("12.50"), 3), new Line("rope", new BigDecimal("1E+3"), 0)),
            Map.of("sum", 9_007_199_254_740_993L));

    private static Payload json(String text) {
        return Payload.of(text.getBytes(StandardCharsets.UTF_8), "application/json");
    }

    @Test
    void goldenBytes_areWrittenAndRead() throws IOException {
        byte[] golden;
        try (InputStream file = JacksonPayloadCodecTest.class.getResourceAsStream("payload-report.json")) {
            golden = file.readAllBytes();
        }
        Payload written = codec.encode("report", 1, REPORT);
        assertThat(new String(written.bytes(), StandardCharsets.UTF_8))
                .isEqualTo(new String(golden, StandardCharsets.UTF_8).strip());
        assertThat(written.contentType()).isEqualTo("application/json");

        Report read = codec.decode("report", 1, Payload.of(golden, "application/json"), Report.class);
        assertThat(read).isEqualTo(REPORT);
    }

    @Test
    void noClassName_isInTheBytes() {
        String bytes = new String(codec.encode("report", 1, REPORT).bytes(), StandardCharsets.UTF_8);
        assertThat(bytes).doesNotContain("dev.aside", "java.", "Report", "@class");
    }

    @Test
    void nullResult_isNull() {
        Payload nothing = codec.encode("report", 0, null);
        assertThat(nothing.bytes()).asString(StandardCharsets.UTF_8).isEqualTo("null");
        assertThat(codec.decode("report", 0, nothing, Report.class)).isNull();
        assertThat(codec.decode("report", 0, nothing, Void.class)).isNull();
    }

    @Test
    void unknownAndMissingProperties_areTolerated() {
        assertThat(codec.decode("line", 1, json("{\"item\":\"rope\",\"colour\":{\"red\":[1]}}"), Line.class))
                .isEqualTo(new Line("rope", null, 0));
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({@JsonSubTypes.Type(value = Circle.class, name = "circle")})
    sealed interface Shape permits Circle {}

    record Circle(int radius) implements Shape {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    record NamesItsClass(int a) {}

    record Wrapper(
            @JsonTypeInfo(use = JsonTypeInfo.Id.MINIMAL_CLASS)
            Object any) {}

    @Test
    void subtypesByName_areFine() {
        Payload circle = codec.encode("shape", 1, new Circle(3));
        assertThat(circle.bytes()).asString(StandardCharsets.UTF_8).isEqualTo("{\"kind\":\"circle\",\"radius\":3}");
        assertThat(codec.decode("shape", 1, circle, Shape.class)).isEqualTo(new Circle(3));
    }

    @Test
    void subtypesByClass_areRefused() {
        assertThatThrownBy(() -> codec.encode("bad", 1, new NamesItsClass(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the payload of a job of type 'bad', version 1, cannot be written as JSON")
                .hasStackTraceContaining("would put class names into the store");
        assertThatThrownBy(() -> codec.encode("bad", 1, new Wrapper(new Line("rope", BigDecimal.ONE, 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasStackTraceContaining("Hint: @JsonTypeInfo(use = NAME) with @JsonSubTypes.");
        assertThatThrownBy(() -> codec.decode(
                        "bad", 1, json("{\"@class\":\"" + NamesItsClass.class.getName() + "\"}"), NamesItsClass.class))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(codec.decode("any", 1, json("{\"@class\":\"java.util.Date\",\"time\":1}"), Object.class))
                .isEqualTo(Map.of("@class", "java.util.Date", "time", 1));
    }

    @Test
    void defaultTyping_isRefused() {
        BasicPolymorphicTypeValidator everything = BasicPolymorphicTypeValidator.builder()
                .allowIfBaseType(Object.class)
                .build();
        assertThatThrownBy(() -> JacksonPayloadCodec.builder()
                        .mapper(mapper -> mapper.activateDefaultTyping(everything, DefaultTyping.NON_FINAL))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a mapper with default typing would put class names into the store");
    }

    static final class Selfish {
        public Selfish getSelf() {
            return this;
        }
    }

    record Picky(int positive) {
        Picky {
            if (positive < 1) {
                throw new IllegalStateException("secret " + positive);
            }
        }
    }

    @Test
    void unwritable_isAClearException() {
        assertThatThrownBy(() -> codec.encode("self", 0, new Selfish()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the result of a job of type 'self' cannot be written as JSON");
    }

    @Test
    void unreadable_isAClearException_thatTellsNothingOfTheValue() {
        assertThatThrownBy(() -> codec.decode("line", 1, json("{\"count\":\"secret\"}"), Line.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "the payload of a job of type 'line', version 1, is not a " + Line.class.getName())
                .hasMessageContaining("[\"count\"]")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> codec.decode("picky", 1, json("{\"positive\":-1}"), Picky.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> codec.decode("line", 1, Payload.of(new byte[0], "text/plain"), Line.class))
                .hasMessageContaining("is 'text/plain' and this codec reads application/json");
        assertThatThrownBy(() -> codec.decode("line", 1, json("{} {}"), Line.class))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hostileBytes_areAlwaysAClearException() {
        String deep = "[".repeat(200_000);
        for (String text : List.of("", " ", "nul", deep, "{\"a\":".repeat(200_000), "1e999999999", "'a'")) {
            assertRefused(text.getBytes(StandardCharsets.UTF_8));
        }
        readOrRefused("{}".getBytes(StandardCharsets.UTF_16), "another encoding");
        assertRefused(new byte[] {'"', (byte) 0xC3, (byte) 0x28, '"'});
        long seed = 42;
        Random random = new Random(seed);
        byte[] good = codec.encode("report", 1, REPORT).bytes();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes =
                    i % 2 == 0 ? new byte[random.nextInt(64)] : Arrays.copyOf(good, random.nextInt(good.length + 1));
            if (i % 2 == 0) {
                random.nextBytes(bytes);
            } else if (bytes.length > 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            readOrRefused(bytes, "seed " + seed + ", round " + i);
        }
    }

    private void assertRefused(byte[] bytes) {
        assertThatThrownBy(() -> codec.decode("report", 1, Payload.of(bytes, "application/json"), Report.class))
                .as(new String(bytes, 0, Math.min(20, bytes.length), StandardCharsets.UTF_8))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the payload of a job of type 'report', version 1, is not a ");
    }

    private void readOrRefused(byte[] bytes, String what) {
        try {
            codec.decode("report", 1, Payload.of(bytes, "application/json"), Report.class);
        } catch (Throwable e) {
            assertThat(e).as(what).isExactlyInstanceOf(IllegalArgumentException.class);
        }
    }
}
