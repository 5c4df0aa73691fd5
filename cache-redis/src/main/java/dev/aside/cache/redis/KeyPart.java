package dev.aside.cache.redis;

import java.lang.invoke.MethodType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
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
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * One value within a key: its text, and how a declared type reads the text back. Types with a text of their own are
 * listed here; enums are their names; everything else is JSON with its properties and map entries in order.
 */
final class KeyPart {
    private static final Map<Class<?>, Function<String, Object>> SCALARS = Map.ofEntries(
            Map.entry(String.class, text -> text),
            Map.entry(Boolean.class, KeyPart::parseBoolean),
            Map.entry(Character.class, KeyPart::parseCharacter),
            Map.entry(Byte.class, Byte::valueOf),
            Map.entry(Short.class, Short::valueOf),
            Map.entry(Integer.class, Integer::valueOf),
            Map.entry(Long.class, Long::valueOf),
            Map.entry(Float.class, Float::valueOf),
            Map.entry(Double.class, Double::valueOf),
            Map.entry(BigInteger.class, BigInteger::new),
            Map.entry(BigDecimal.class, BigDecimal::new),
            Map.entry(UUID.class, UUID::fromString),
            Map.entry(Instant.class, Instant::parse),
            Map.entry(LocalDate.class, LocalDate::parse),
            Map.entry(LocalTime.class, LocalTime::parse),
            Map.entry(LocalDateTime.class, LocalDateTime::parse),
            Map.entry(OffsetTime.class, OffsetTime::parse),
            Map.entry(OffsetDateTime.class, OffsetDateTime::parse),
            Map.entry(ZonedDateTime.class, ZonedDateTime::parse),
            Map.entry(Year.class, text -> Year.of(Integer.parseInt(text))),
            Map.entry(YearMonth.class, YearMonth::parse),
            Map.entry(MonthDay.class, MonthDay::parse),
            Map.entry(Duration.class, Duration::parse),
            Map.entry(Period.class, Period::parse),
            Map.entry(ZoneOffset.class, ZoneOffset::of));

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .disable(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build();

    private final Function<String, Object> parser;

    private KeyPart(Function<String, Object> parser) {
        this.parser = parser;
    }

    /** How a declared type reads its text back; throws what {@link TypeShape} says of types that cannot be keys. */
    static KeyPart of(Type declared) {
        JavaType type = JSON.constructType(declared);
        Class<?> raw = boxed(type.getRawClass());
        Function<String, Object> scalar = SCALARS.get(raw);
        if (scalar != null) {
            return new KeyPart(scalar);
        }
        if (ZoneId.class.equals(raw)) {
            return new KeyPart(ZoneId::of);
        }
        if (raw.isEnum()) {
            return new KeyPart(text -> enumConstant(raw, text));
        }
        TypeShape.checkKey(JSON, type);
        ObjectReader reader = JSON.readerFor(type);
        return new KeyPart(reader::readValue);
    }

    /** Whether a type is one of the platform's that has a text of its own. */
    static boolean isScalar(Type type) {
        return type instanceof Class<?> raw && SCALARS.containsKey(boxed(raw));
    }

    /** The text of a value, unescaped. */
    static String textOf(Object value) {
        Class<?> type = value.getClass();
        if (type == String.class) {
            return (String) value;
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (SCALARS.containsKey(type) || value instanceof ZoneId) {
            return value.toString();
        }
        try {
            return JSON.writeValueAsString(value);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("a key of type " + type.getName() + " cannot be written as JSON", e);
        }
    }

    /** @throws RuntimeException if the text is none of this type's */
    Object parse(String text) {
        return parser.apply(text);
    }

    private static Object enumConstant(Class<?> type, String name) {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(type.getName() + " has no constant of that name");
    }

    private static Boolean parseBoolean(String text) {
        return switch (text) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> throw new IllegalArgumentException("neither true nor false");
        };
    }

    private static Character parseCharacter(String text) {
        if (text.length() != 1) {
            throw new IllegalArgumentException("not one character");
        }
        return text.charAt(0);
    }

    private static Class<?> boxed(Class<?> type) {
        return MethodType.methodType(type).wrap().returnType();
    }
}
