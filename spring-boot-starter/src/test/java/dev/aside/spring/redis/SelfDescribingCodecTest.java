package dev.aside.spring.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.redis.JacksonCodec;
import dev.aside.cache.redis.ValueCodec;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SelfDescribingCodecTest {
    record Product(String sku, BigDecimal price, List<String> tags) {}

    record Page<T>(List<T> items) {}

    private static ValueCodec.Typed codec(Class<?>... known) {
        return new SelfDescribingCodec(JacksonCodec.create(), List.of(known)).bind(Object.class);
    }

    private static Object decode(ValueCodec.Typed codec, byte[] bytes) {
        return codec.decode(bytes, 0, bytes.length);
    }

    static Stream<Object> values() {
        Product product = new Product("a", new BigDecimal("1.50"), List.of("x"));
        Map<Object, Object> map = new LinkedHashMap<>();
        map.put("k", product);
        map.put(2L, null);
        return Stream.of(
                "text",
                "",
                42,
                42L,
                1.5,
                true,
                new BigDecimal("1.50"),
                UUID.fromString("0e4ac9e4-8a5f-4a23-9d36-6f0d6a1bcd3e"),
                LocalDate.of(2026, 11, 26),
                TimeUnit.SECONDS,
                product,
                List.of(product, product),
                List.of(),
                Arrays.asList("a", null, 1),
                Set.of(1),
                map,
                List.of(Map.of("a", List.of(Set.of(product)))));
    }

    @ParameterizedTest
    @MethodSource("values")
    void decode_whatWasEncoded_isEqual(Object value) {
        ValueCodec.Typed codec = codec();
        assertThat(decode(codec, codec.encode(value))).isEqualTo(value);
    }

    @Test
    void decode_collections_comeBackInTheirOrder() {
        ValueCodec.Typed codec = codec();
        assertThat(decode(codec, codec.encode(List.of(1)))).isInstanceOf(ArrayList.class);
        assertThat(decode(codec, codec.encode(new LinkedHashSet<>(List.of(3, 1, 2)))))
                .isInstanceOf(LinkedHashSet.class)
                .hasToString("[3, 1, 2]");
    }

    @Test
    void decode_classThisProcessDoesNotKnow_isRefusedWithoutLoadingIt() {
        Product product = new Product("a", BigDecimal.ONE, List.of());
        byte[] bytes = codec().encode(product);
        assertThatThrownBy(() -> decode(codec(), bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("knows no class '" + Product.class.getName() + "'");
        assertThat(decode(codec(Product.class), bytes)).isEqualTo(product);
    }

    @Test
    void decode_classWithOtherProperties_isRefused() {
        ValueCodec.Typed codec = codec(Product.class);
        byte[] bytes = codec.encode(new Product("a", BigDecimal.ONE, List.of()));
        int shape = 1 + 2 + Product.class.getName().length();
        bytes[shape]++;
        assertThatThrownBy(() -> decode(codec, bytes)).hasMessageContaining("has other properties now");
    }

    @Test
    void encode_genericClass_isRefused() {
        assertThatThrownBy(() -> codec().encode(new Page<>(List.of("a"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Page.class.getName() + " is generic");
    }

    @Test
    void encode_collectionThatIsMoreThanItsElements_isRefused() {
        for (Object value : List.of(new TreeMap<>(Map.of("a", 1)), new TreeSet<>(Set.of(1)), new Properties())) {
            assertThatThrownBy(() -> codec().encode(value))
                    .as("%s", value.getClass())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is more than its elements");
        }
    }

    @Test
    void decode_anyBytes_failsOrGivesAValue_andNothingElse() {
        ValueCodec.Typed codec = codec();
        byte[] good = codec.encode(List.of(Map.of("a", 1), "b", new Product("a", BigDecimal.TEN, List.of("x"))));
        Random random = new Random(11);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = good.clone();
            for (int flips = 0; flips <= random.nextInt(4); flips++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            try {
                assertThat(decode(codec, cut)).isNotNull();
            } catch (RuntimeException refused) {
                assertThat(refused).isNotInstanceOf(NullPointerException.class);
            }
        }
    }

    @Test
    void bind_anyOtherType_isTheInnerCodecs() {
        SelfDescribingCodec codec = new SelfDescribingCodec(JacksonCodec.create(), List.of());
        assertThat(codec.bind(Product.class).shape())
                .isEqualTo(JacksonCodec.create().bind(Product.class).shape());
        assertThat(codec.id()).isEqualTo(JacksonCodec.create().id());
    }
}
