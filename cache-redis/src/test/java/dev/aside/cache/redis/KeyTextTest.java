package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.spi.CacheSpec;
import dev.aside.cache.spi.CompositeKey;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;

class KeyTextTest {
    record Period2(LocalDate from, LocalDate to) {}

    record Nested(int id, Period2 when, List<String> names, Map<String, Integer> sizes) {}

    enum Sort {
        UP {
            @Override
            int sign() {
                return 1;
            }
        };

        abstract int sign();
    }

    static List<Object> keys() {
        return List.of(
                "",
                "SKU-1",
                "a|b\\c",
                "\\N",
                "smile \uD83D\uDE00",
                "\uD800 alone",
                "\uDC00\uD800",
                "new\nline \u0000",
                true,
                'x',
                '|',
                (byte) -1,
                (short) 7,
                42,
                Long.MIN_VALUE,
                1.5f,
                -0.0,
                new BigInteger("123456789012345678901234567890"),
                new BigDecimal("1.50"),
                new UUID(1, 2),
                DayOfWeek.MONDAY,
                TimeUnit.SECONDS,
                Instant.ofEpochSecond(1, 5),
                LocalDate.of(2024, 2, 29),
                LocalTime.NOON,
                LocalDateTime.of(2024, 1, 2, 3, 4),
                OffsetTime.of(1, 2, 3, 4, ZoneOffset.ofHours(2)),
                OffsetDateTime.of(2024, 1, 2, 3, 4, 5, 6, ZoneOffset.UTC),
                ZonedDateTime.of(2024, 10, 27, 2, 30, 0, 0, ZoneId.of("Europe/Berlin")),
                Year.of(2024),
                YearMonth.of(2024, 1),
                MonthDay.of(2, 29),
                Duration.ofMillis(1),
                Period.ofDays(3),
                ZoneOffset.ofHours(-3),
                new Period2(LocalDate.of(2024, 1, 1), LocalDate.of(2024, 2, 1)),
                new Nested(1, new Period2(LocalDate.EPOCH, LocalDate.EPOCH), List.of("a", "b|c"), Map.of("x", 1)));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void decode_encodedSingleKey_isEqual(Object key) {
        KeyCodec codec = codec(declaredType(key));

        assertThat(codec.decode(KeyText.encode(key))).isEqualTo(key);
    }

    @Test
    void decode_enumConstantWithBody_isEqual() {
        assertThat(codec(Sort.class).decode(KeyText.encode(Sort.UP))).isEqualTo(Sort.UP);
    }

    @Test
    void decode_compositeOfAllKeys_isEqual() {
        CompositeKey key = CompositeKey.of(keys().toArray());
        KeyCodec codec = codec(keys().stream().map(KeyTextTest::declaredType).toArray(Type[]::new));

        assertThat(codec.decode(KeyText.encode(key))).isEqualTo(key);
    }

    @Test
    void decode_noParts_isTheOnlyKey() {
        assertThat(KeyText.encode(CompositeKey.NONE)).isEmpty();
        assertThat(codec().decode("")).isEqualTo(CompositeKey.NONE);
    }

    @Test
    void encode_nullPart_differsFromTheWord() {
        assertThat(KeyText.encode(CompositeKey.of("a", null))).isEqualTo("a|\\N");
        assertThat(KeyText.encode(CompositeKey.of("a", "null"))).isEqualTo("a|null");
        assertThat(KeyText.encode(CompositeKey.of("a", "\\N"))).isEqualTo("a|\\\\N");
        assertThat(codec(String.class, Long.class).decode("a|\\N")).isEqualTo(CompositeKey.of("a", null));
    }

    /** Equal texts mean equal keys: random parts from a nasty alphabet, all pairs of one kind compared through a map. */
    @Test
    void encode_randomComposites_isInjective() {
        Random random = new Random(4711);
        Map<String, CompositeKey> seen = new HashMap<>();
        String[] alphabet = {"|", "\\", "N", "u", "d800", "\uD800", "\uDC00", "\uD83D\uDE00", "a", ""};
        for (int i = 0; i < 50_000; i++) {
            Object[] parts = new Object[2];
            for (int p = 0; p < parts.length; p++) {
                StringBuilder part = new StringBuilder();
                for (int n = random.nextInt(4); n > 0; n--) {
                    part.append(alphabet[random.nextInt(alphabet.length)]);
                }
                parts[p] = random.nextInt(10) == 0 ? null : part.toString();
            }
            CompositeKey key = CompositeKey.of(parts);
            String text = KeyText.encode(key);
            assertThat(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                    .isEqualTo(text);
            assertThat(seen.merge(text, key, (before, after) -> before)).isEqualTo(key);
            assertThat(codec(String.class, String.class).decode(text)).isEqualTo(key);
        }
    }

    /** Whatever stands in the log: a key or a RuntimeException, never anything else. */
    @Test
    void decode_randomTexts_neverBreaks() {
        Random random = new Random(815);
        List<KeyCodec> codecs = new ArrayList<>();
        keys().forEach(key -> codecs.add(codec(declaredType(key))));
        codecs.add(codec(String.class, Long.class));
        codecs.add(codec());
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            String text = new String(bytes, StandardCharsets.UTF_8);
            KeyCodec codec = codecs.get(random.nextInt(codecs.size()));
            try {
                codec.decode(text);
            } catch (RuntimeException e) {
                assertThat(e).isNotInstanceOf(NullPointerException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\", "\\x", "a\\N", "\\Na", "\\u12", "\\u0041", "a|b|c"})
    void decode_malformed_throws(String text) {
        assertThatThrownBy(() -> codec(String.class, String.class).decode(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void encode_recordPropertiesInAnyOrder_areSorted() {
        assertThat(KeyText.encode(new Nested(1, null, List.of(), Map.of("b", 1, "a", 2))))
                .isEqualTo("{\"id\":1,\"names\":[],\"sizes\":{\"a\":2,\"b\":1},\"when\":null}");
    }

    @Test
    void of_typesThatCannotBeKeys_areRefusedByName() {
        Type set = new TypeReference<Set<String>>() {}.getType();

        assertThatThrownBy(() -> codec(Object.class)).hasMessageContaining("java.lang.Object says nothing");
        assertThatThrownBy(() -> codec(Number.class)).hasMessageContaining("java.lang.Number is abstract");
        assertThatThrownBy(() -> codec(byte[].class)).hasMessageContaining("has no equals");
        assertThatThrownBy(() -> codec(set)).hasMessageContaining("has no order");
    }

    @Test
    void name_longKey_isHashed() {
        KeyName shortest = KeyName.of("k".repeat(Layout.MAX_KEY_BYTES));
        KeyName longest = KeyName.of("k".repeat(Layout.MAX_KEY_BYTES + 1));

        assertThat(shortest.hashed()).isFalse();
        assertThat(longest.logKey()).hasSize(44).startsWith("#");
        assertThat(longest.longText()).hasSize(Layout.MAX_KEY_BYTES + 1);
        assertThat(KeyName.of("\u20AC".repeat(171)).hashed()).isTrue();
    }

    @Test
    void restores_keyOfAnotherType_isFalse() {
        assertThat(codec(Integer.class).restores(1, KeyName.of(1))).isTrue();
        assertThat(codec(Integer.class).restores(1L, KeyName.of(1L))).isFalse();

        KeyCodec composite = codec(String.class, Integer.class);
        assertThat(composite.restores(CompositeKey.of("a", null), KeyName.of(CompositeKey.of("a", null))))
                .isTrue();
        assertThat(composite.restores(CompositeKey.of("a", 1), KeyName.of(CompositeKey.of("a", 1))))
                .isTrue();
        assertThat(composite.restores(CompositeKey.of("a", 1L), KeyName.of(CompositeKey.of("a", 1L))))
                .isFalse();
        assertThat(composite.restores(CompositeKey.of("a", 1), KeyName.of(CompositeKey.of("a", 1))))
                .isTrue();
    }

    static KeyCodec codec(Type... types) {
        return new KeyCodec(new CacheSpec("c", Arrays.asList(types), String.class));
    }

    private static Type declaredType(Object key) {
        return key instanceof Enum<?> constant ? constant.getDeclaringClass() : key.getClass();
    }
}
