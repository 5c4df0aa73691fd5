package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;

/** What can be a value, and when two versions of a type read each other's bytes. */
class TypeShapeTest {
    record V1(String name, int size) {}

    record SameAsV1(int size, String name) {}

    record Renamed(String title, int size) {}

    record Annotated(@JsonProperty("name") String title, int size) {}

    record Retyped(String name, long size) {}

    record Tree(String name, List<Tree> children) {}

    record Deep(Optional<V1> inner) {}

    record DeepRenamed(Optional<Renamed> inner) {}

    record Wrapped(@JsonValue String text) {}

    record Untyped(Object any) {}

    record RawList(@SuppressWarnings("rawtypes") List list) {}

    enum Two {
        A,
        B
    }

    interface Shape {}

    record HasShape(List<Shape> shapes) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({@JsonSubTypes.Type(value = Circle.class, name = "circle")})
    interface Named {}

    record Circle(int radius) implements Named {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    interface ByClass {}

    static class Bean {
        private String name;
        private List<BigDecimal> amounts;

        public String getName() {
            return name;
        }

        public void setName(String name) {
            this.name = name;
        }

        public List<BigDecimal> getAmounts() {
            return amounts;
        }

        public void setAmounts(List<BigDecimal> amounts) {
            this.amounts = amounts;
        }
    }

    record Everything(
            String text,
            int number,
            BigDecimal price,
            Instant instant,
            LocalDate date,
            OffsetDateTime offset,
            ZonedDateTime zoned,
            Optional<String> some,
            Optional<String> none,
            List<V1> list,
            Set<UUID> set,
            Map<Two, List<Integer>> map,
            Two two,
            Named named) {}

    @Test
    void of_sameBytes_sameShape() {
        assertThat(shape(SameAsV1.class)).isEqualTo(shape(V1.class));
        assertThat(shape(Annotated.class)).isEqualTo(shape(V1.class));
    }

    @Test
    void of_otherBytes_otherShape() {
        assertThat(List.of(
                        shape(V1.class),
                        shape(Renamed.class),
                        shape(Retyped.class),
                        shape(Deep.class),
                        shape(DeepRenamed.class),
                        shape(Two.class),
                        shape(Wrapped.class),
                        shape(new TypeReference<List<V1>>() {}.getType()),
                        shape(new TypeReference<List<Renamed>>() {}.getType()),
                        shape(new TypeReference<Optional<V1>>() {}.getType())))
                .doesNotHaveDuplicates();
    }

    @Test
    void of_recursiveType_ends() {
        assertThat(shape(Tree.class)).contains("#0").hasSizeLessThan(200);
    }

    @Test
    void of_enum_namesItsConstants() {
        assertThat(shape(Two.class)).contains("A, B");
    }

    @Test
    void bind_typesThatCannotBeRestored_areRefusedByNameAndPath() {
        assertThatThrownBy(() -> shape(Object.class)).hasMessageStartingWith("java.lang.Object says nothing");
        assertThatThrownBy(() -> shape(Untyped.class))
                .hasMessageContaining("java.lang.Object (at ")
                .hasMessageContaining("Untyped.any)");
        assertThatThrownBy(() -> shape(RawList.class)).hasMessageContaining("RawList.list[])");
        assertThatThrownBy(() -> shape(HasShape.class))
                .hasMessageContaining("TypeShapeTest$Shape (at ")
                .hasMessageContaining(".shapes[])")
                .hasMessageContaining("@JsonTypeInfo(use = NAME)");
        assertThatThrownBy(() -> shape(ByClass.class)).hasMessageContaining("class names");
        assertThatThrownBy(() -> shape(Number.class)).hasMessageContaining("is abstract");
    }

    @Test
    void decode_everything_isEqualAndHoldsNoClassName() {
        ValueCodec.Typed codec = JacksonCodec.create().bind(Everything.class);
        Everything value = new Everything(
                "t",
                1,
                new BigDecimal("1.500"),
                Instant.parse("2024-01-02T03:04:05.123456789Z"),
                LocalDate.EPOCH,
                OffsetDateTime.of(2024, 1, 2, 3, 4, 5, 6, ZoneOffset.ofHours(2)),
                ZonedDateTime.of(2024, 1, 2, 3, 4, 5, 6, ZoneId.of("Europe/Berlin")),
                Optional.of("x"),
                Optional.empty(),
                List.of(new V1("a", 1)),
                Set.of(new UUID(1, 2)),
                Map.of(Two.B, List.of(1, 2)),
                Two.A,
                new Circle(3));

        byte[] bytes = codec.encode(value);

        assertThat(codec.decode(bytes, 0, bytes.length))
                .usingRecursiveComparison()
                .isEqualTo(value);
        assertThat(new String(bytes, java.nio.charset.StandardCharsets.UTF_8)).doesNotContain("dev.aside", "java.");
    }

    @Test
    void decode_bean_hasItsProperties() {
        ValueCodec.Typed codec = JacksonCodec.create().bind(Bean.class);
        Bean bean = new Bean();
        bean.setName("n");
        bean.setAmounts(List.of(BigDecimal.ONE));

        byte[] bytes = codec.encode(bean);

        assertThat(codec.decode(bytes, 0, bytes.length))
                .usingRecursiveComparison()
                .isEqualTo(bean);
    }

    private static String shape(Type type) {
        return JacksonCodec.create().bind(type).shape();
    }
}
