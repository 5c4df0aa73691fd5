package dev.aside.spring.cache;

import dev.aside.cache.spi.CompositeKey;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.util.ReflectionUtils;

/**
 * Spring's untyped keys as text that nodes share. Texts of different types differ: 1 and "1" are two keys. A text is itself
 * unless it begins with {@code #}; everything else begins with {@code #} and a letter for its type:
 *
 * <pre>
 *   #i:42   #l:42   #u:(uuid)   #e:com.acme.Color:RED   #t:java.time.LocalDate:2026-11-26   #2(#l:1,name)   #r:com.acme.Key2(a,b)
 * </pre>
 */
final class SpringKeys {
    private static final char MARK = '#';

    /** Each level escapes the ones below once more. */
    private static final int DEEPEST = 8;

    /** Whose text says all of them. */
    private static final Set<Class<?>> NAMED = Set.of(Locale.class, Currency.class, URI.class);

    private static final Map<Class<?>, String> SCALARS = Map.ofEntries(
            Map.entry(Integer.class, "i"),
            Map.entry(Long.class, "l"),
            Map.entry(Short.class, "s"),
            Map.entry(Byte.class, "b"),
            Map.entry(Character.class, "c"),
            Map.entry(Boolean.class, "z"),
            Map.entry(Double.class, "d"),
            Map.entry(Float.class, "f"),
            Map.entry(BigInteger.class, "I"),
            Map.entry(BigDecimal.class, "D"),
            Map.entry(UUID.class, "u"));

    private static final @Nullable Field PARAMETERS = parameters();

    private SpringKeys() {}

    /**
     * The text of a key; null for a plain {@code new Object()}, which is equal to nothing but itself, so that no other process
     * can mean it.
     *
     * @throws IllegalArgumentException if there is no text that says the same as the key's equality
     */
    static @Nullable String text(Object key) {
        return text(key, 0);
    }

    private static @Nullable String text(Object key, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("a cache key is nested more than " + DEEPEST + " deep");
        }
        if (key instanceof String text) {
            return text.isEmpty() || text.charAt(0) != MARK ? text : MARK + text;
        }
        Class<?> type = key.getClass();
        String scalar = SCALARS.get(type);
        if (scalar != null) {
            return "#" + scalar + ":" + key;
        }
        if (key instanceof Enum<?> constant) {
            return "#e:" + constant.getDeclaringClass().getName() + ":" + constant.name();
        }
        if (type.getPackageName().equals("java.time") || NAMED.contains(type)) {
            return "#t:" + type.getName() + ":" + key;
        }
        if (key instanceof Class<?> named) {
            return "#C:" + named.getName();
        }
        return structure(key, type, depth);
    }

    private static @Nullable String structure(Object key, Class<?> type, int depth) {
        if (type == SimpleKey.class) { // a subclass may tell its keys apart by more
            return PARAMETERS == null ? refuse(key) : "#" + parts(simpleParts(PARAMETERS, (SimpleKey) key), depth);
        }
        if (key instanceof CompositeKey composite) {
            return "#k" + parts(composite.parts(), depth);
        }
        if (key instanceof List<?> list) {
            return "#[" + parts(list, depth);
        }
        if (type.isRecord()) {
            return "#r:" + type.getName() + parts(components(key, type), depth);
        }
        return type == Object.class ? null : refuse(key);
    }

    /** With their number: no parts are not one empty part. */
    private static String parts(List<? extends @Nullable Object> parts, int depth) {
        return parts.stream()
                .map(part -> part(part, depth + 1))
                .collect(Collectors.joining(",", parts.size() + "(", ")"));
    }

    private static String part(@Nullable Object part, int depth) {
        if (part == null) {
            return "#0";
        }
        Class<?> type = part.getClass();
        if (type.isArray()) {
            List<@Nullable Object> elements = IntStream.range(0, Array.getLength(part))
                    .<@Nullable Object>mapToObj(i -> Array.get(part, i))
                    .toList();
            // arrays of objects are equal by what is in them, whatever they are declared as
            String kind = type.getComponentType().isPrimitive()
                    ? type.getComponentType().getName()
                    : "";
            return escaped("#a:" + kind + parts(elements, depth));
        }
        String text = text(part, depth);
        return text == null ? refuse(part) : escaped(text);
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 4);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ',' || c == '(' || c == ')' || c == '\\') {
                escaped.append('\\');
            }
            escaped.append(c);
        }
        return escaped.toString();
    }

    private static List<@Nullable Object> simpleParts(Field parameters, SimpleKey key) {
        Object parts = ReflectionUtils.getField(parameters, key);
        return parts == null ? List.of() : Arrays.asList((Object[]) parts);
    }

    private static List<@Nullable Object> components(Object key, Class<?> type) {
        List<@Nullable Object> values = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            Method accessor = component.getAccessor();
            accessor.trySetAccessible();
            try {
                values.add(accessor.invoke(key));
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalArgumentException(
                        "a cache key of type " + type.getName() + " cannot be read [hint: make the record public]", e);
            }
        }
        return values;
    }

    private static String refuse(Object key) {
        throw new IllegalArgumentException(
                "a cache key of type " + key.getClass().getName()
                        + " cannot be told to other nodes, so they would go on with old values [hint: key = \"#id\" with a text,"
                        + " a number, a UUID, an enum, a date, a record or a list of those; or a KeyGenerator]");
    }

    private static @Nullable Field parameters() {
        Field field = ReflectionUtils.findField(SimpleKey.class, "params", Object[].class);
        if (field != null && field.trySetAccessible()) {
            return field;
        }
        return null;
    }
}
