package dev.aside.spring.actuate;

import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** Reads the keys that operators type: strings, whole numbers, UUIDs and constants of enums. */
final class KeyText {
    private static final Map<String, Function<String, Object>> READERS = Map.of(
            String.class.getName(), text -> text,
            Long.class.getName(), Long::valueOf,
            Integer.class.getName(), Integer::valueOf,
            Short.class.getName(), Short::valueOf,
            UUID.class.getName(), UUID::fromString);

    private KeyText() {}

    /**
     * The key that a text stands for.
     *
     * @param type the name of the type of the cache's keys
     * @throws IllegalArgumentException if keys of the type have no text, or this is not one of them
     */
    static Object read(String cache, String type, String text) {
        Function<String, Object> reader = READERS.get(type);
        if (reader == null) {
            reader = constantsOf(cache, type);
        }
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a key of cache '" + cache + "' [hint: a " + type + "]", e);
        }
    }

    private static Function<String, Object> constantsOf(String cache, String type) {
        try {
            Class<?> found = ClassUtils.forName(type, null);
            if (found.isEnum()) {
                return text -> constant(found, text);
            }
        } catch (ClassNotFoundException | LinkageError e) {
            throw unreadable(cache, type, e);
        }
        throw unreadable(cache, type, null);
    }

    private static Object constant(Class<?> type, String text) {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("no such constant");
    }

    private static IllegalArgumentException unreadable(String cache, String type, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "keys of cache '" + cache + "' are of type (" + type
                        + ") and cannot be given as text [hint: String, Long,"
                        + " Integer, Short, UUID and enums can; clear the cache, or invalidate by a tag]",
                cause);
    }
}
