package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/** Every codec restores what it wrote, exactly, and goes on writing the same bytes. */
class CodecTest {
    private static final Path GOLDEN =
            Path.of("src", "test", "resources", "dev", "aside", "cache", "redis", "golden-codecs-v1.properties");
    private static final String WRITE = "aside.golden.write";

    enum Colour {
        RED,
        GREEN
    }

    record Line(String sku, int count, Optional<BigDecimal> discount) {}

    record Order(
            UUID id,
            String customer,
            long number,
            double weight,
            BigDecimal total,
            BigInteger huge,
            Colour colour,
            boolean paid,
            List<Line> lines,
            SortedMap<String, List<Colour>> byName,
            Optional<String> note,
            Times times) {}

    record Times(
            Instant instant,
            LocalDate date,
            LocalTime time,
            LocalDateTime local,
            OffsetDateTime offset,
            ZonedDateTime zoned,
            Duration duration,
            Period period,
            Year year,
            YearMonth month,
            ZoneId zone) {}

    private static final Order ORDER = new Order(
            UUID.fromString("00000000-0000-4000-8000-000000000007"),
            "Zoë \uD83D\uDE00",
            Long.MAX_VALUE,
            0.1,
            new BigDecimal("19.900"),
            new BigInteger("123456789012345678901234567890"),
            Colour.GREEN,
            true,
            List.of(new Line("a", 1, Optional.of(new BigDecimal("1E+3"))), new Line("b", -2, Optional.empty())),
            new TreeMap<>(Map.of("x", List.of(Colour.RED), "y", List.of())),
            Optional.empty(),
            new Times(
                    Instant.parse("2024-01-02T03:04:05.000000006Z"),
                    LocalDate.parse("2024-02-29"),
                    LocalTime.parse("23:59:59.999999999"),
                    LocalDateTime.parse("2024-01-02T03:04:05"),
                    OffsetDateTime.parse("2024-01-02T03:04:05+05:30"),
                    ZonedDateTime.parse("2024-10-27T02:30:00+02:00[Europe/Berlin]"),
                    Duration.parse("PT36H0.000000001S"),
                    Period.parse("P1Y2M3D"),
                    Year.of(2024),
                    YearMonth.of(2024, 2),
                    ZoneId.of("Europe/Berlin")));

    static Stream<Map.Entry<String, ValueCodec>> codecs() {
        return Stream.of(
                Map.entry("json", JacksonCodec.create()),
                Map.entry("smile", JacksonCodec.smile()),
                Map.entry("cbor", JacksonCodec.cbor()),
                Map.entry("jackson2", Jackson2Codec.create()));
    }

    private static Object roundTrip(ValueCodec codec, Type type, Object value) {
        ValueCodec.Typed typed = codec.bind(type);
        byte[] bytes = typed.encode(value);
        byte[] within = new byte[bytes.length + 7];
        System.arraycopy(bytes, 0, within, 3, bytes.length);
        return typed.decode(within, 3, bytes.length);
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void decode_everyKindOfValue_isWhatWasEncoded(Map.Entry<String, ValueCodec> codec) {
        assertThat(roundTrip(codec.getValue(), Order.class, ORDER)).isEqualTo(ORDER);
        assertThat(roundTrip(codec.getValue(), String.class, "text")).isEqualTo("text");
        assertThat(roundTrip(codec.getValue(), long.class, 5L)).isEqualTo(5L);
        assertThat(roundTrip(codec.getValue(), byte[].class, new byte[] {0, -1}))
                .isEqualTo(new byte[] {0, -1});
        assertThat(roundTrip(codec.getValue(), OptionalInt.class, OptionalInt.of(3)))
                .isEqualTo(OptionalInt.of(3));
        Type listOfLines = new TypeReference<List<Line>>() {}.getType();
        assertThat(roundTrip(codec.getValue(), listOfLines, ORDER.lines())).isEqualTo(ORDER.lines());
        Type map = new TypeReference<Map<Colour, Optional<BigDecimal>>>() {}.getType();
        Map<Colour, Optional<BigDecimal>> decimals = Map.of(Colour.RED, Optional.of(new BigDecimal("1.10")));
        assertThat(roundTrip(codec.getValue(), map, decimals)).isEqualTo(decimals);
    }

    /** Scale and all digits: an amount of money that comes back rounded, or without its zeros, is another amount. */
    @ParameterizedTest
    @MethodSource("codecs")
    void decode_decimals_areExact(Map.Entry<String, ValueCodec> codec) {
        for (String text : List.of("0.10", "1E+10", "1E-30", "-0.000", "12345678901234567890.123456789012345678900")) {
            assertThat(roundTrip(codec.getValue(), BigDecimal.class, new BigDecimal(text)))
                    .isEqualTo(new BigDecimal(text));
        }
    }

    @Test
    void decode_treesWithDecimals_areExact() {
        JsonNode tree = tools.jackson.databind.json.JsonMapper.shared()
                .reader()
                .with(tools.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .without(tools.jackson.databind.cfg.JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .readTree("{\"price\": 12345678901234567890.10}");

        JsonNode back = (JsonNode) roundTrip(JacksonCodec.create(), JsonNode.class, tree);

        assertThat(back.get("price").decimalValue()).isEqualTo(new BigDecimal("12345678901234567890.10"));
    }

    @Test
    void shape_ofEachCodec_isAnother() {
        assertThat(codecs().map(codec -> RedisTier.shape(
                                codec.getValue().id(),
                                codec.getValue().bind(Line.class).shape()))
                        .distinct())
                .hasSize(4);
    }

    @Test
    void shape_ofAnotherNamingStrategy_isAnother() {
        Jackson2Codec snake =
                Jackson2Codec.create(builder -> builder.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE));

        assertThat(snake.bind(Line.class).shape())
                .isNotEqualTo(Jackson2Codec.create().bind(Line.class).shape());
    }

    @Test
    void create_withDefaultTyping_isRefused() {
        String message = "a mapper with default typing would put class names into Redis, and whoever writes there could"
                + " choose what is instantiated; declare the types that are really meant, or name subtypes with"
                + " @JsonTypeInfo(use = NAME) and @JsonSubTypes";
        assertThatThrownBy(() -> JacksonCodec.create(builder -> builder.activateDefaultTyping(
                        tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator.builder()
                                .build())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> Jackson2Codec.create(builder -> builder.activateDefaultTyping(
                        BasicPolymorphicTypeValidator.builder().build())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    record ClassNamed(
            @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS) Line line) {}

    record Untyped(List<Object> things) {}

    @ParameterizedTest
    @MethodSource("codecs")
    void bind_typesThatNeedClassNames_areRefused(Map.Entry<String, ValueCodec> codec) {
        assertThatThrownBy(() -> codec.getValue().bind(ClassNamed.class))
                .hasMessage(Line.class.getName() + " (at " + ClassNamed.class.getName()
                        + ".line) would put class names into the bytes; use @JsonTypeInfo(use = NAME)");
        assertThatThrownBy(() -> codec.getValue().bind(Untyped.class))
                .hasMessage("java.lang.Object (at " + Untyped.class.getName()
                        + ".things[]) says nothing about what to restore; declare the type that is really meant");
    }

    /** What stands in users' Redis must be readable by the next version, and be what the next version writes. */
    @ParameterizedTest
    @MethodSource("codecs")
    void goldenBytes_areWrittenAndRead(Map.Entry<String, ValueCodec> codec) throws Exception {
        BodyFormat plain =
                new BodyFormat(codec.getValue().id(), codec.getValue().bind(Order.class), 10_000, 10_000);
        BodyFormat small =
                new BodyFormat(codec.getValue().id(), codec.getValue().bind(Order.class), 100, 10_000);
        KeyName key = KeyName.of("o-1");
        byte[] written = plain.encode(ORDER, key);
        byte[] deflated = small.encode(ORDER, key);
        if (System.getProperty(WRITE) != null) {
            write(codec.getKey(), written, deflated);
        }
        Properties golden = golden();

        assertThat(HexFormat.of().formatHex(written)).as(HOW).isEqualTo(golden.getProperty(codec.getKey()));
        for (String name : List.of(codec.getKey(), codec.getKey() + ".deflated")) {
            byte[] bytes = HexFormat.of().parseHex(golden.getProperty(name));
            assertThat(plain.decode(bytes, 0, key).value()).as(name).isEqualTo(ORDER);
        }
        assertThat(deflated.length).isLessThan(written.length);
    }

    private static final String HOW = "what is written has changed, so nodes of two versions would not understand each"
            + " other. If that is meant, give the codec another id and write its golden bytes by"
            + " mvn -pl cache-redis -am test -Dtest=CodecTest -D" + WRITE + " -Dsurefire.failIfNoSpecifiedTests=false";

    private static Properties golden() throws IOException {
        Properties golden = new Properties();
        try (InputStream in = Files.newInputStream(GOLDEN)) {
            golden.load(in);
        }
        return golden;
    }

    /** Deflated bytes are read only: another zlib may write others. */
    private static void write(String codec, byte[] plain, byte[] deflated) throws IOException {
        TreeMap<String, String> all = new TreeMap<>();
        if (Files.exists(GOLDEN)) {
            golden().forEach((name, value) -> all.put((String) name, (String) value));
        }
        all.put(codec, HexFormat.of().formatHex(plain));
        all.put(codec + ".deflated", HexFormat.of().formatHex(deflated));
        List<String> lines = new ArrayList<>();
        lines.add("# Bodies that version 1 of each codec writes. CodecTest says when and how to write them anew.");
        all.forEach((name, value) -> lines.add(name + "=" + value));
        Files.write(GOLDEN, lines, StandardCharsets.ISO_8859_1);
    }

    @Test
    void smile_withoutItsLibrary_saysWhatIsMissing() throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!entry.contains("dataformat")) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        try (URLClassLoader without =
                new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Class<?> codec = without.loadClass(JacksonCodec.class.getName());
            assertThat(codec.getMethod("create").invoke(null)).isNotNull();
            for (String format : List.of("smile", "cbor")) {
                assertThatThrownBy(() -> codec.getMethod(format).invoke(null))
                        .isInstanceOf(InvocationTargetException.class)
                        .cause()
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("this codec needs tools.jackson.dataformat:jackson-dataformat-" + format
                                + " on the class path; add it in the version of jackson-databind");
            }
        }
    }
}
