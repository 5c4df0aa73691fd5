package dev.aside.cache.redis;

import dev.aside.cache.spi.CompositeKey;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys as text. The text depends on the key alone, not on the types a cache declares, so that a node which has not
 * opened the cache writes the same; reading it back takes the declared types ({@link KeyCodec}).
 *
 * <p>A single key is one part; a {@link CompositeKey}'s parts are joined by {@code |}. Within a part {@code \\} and
 * {@code \|} are escaped, so are lone surrogates, which UTF-8 cannot carry; {@code \N} is null.
 */
final class KeyText {
    private static final char ESCAPE = '\\';
    private static final char JOIN = '|';
    private static final String NULL = "\\N";
    private static final int HEX_DIGITS = 4;

    private KeyText() {}

    /** @throws IllegalArgumentException if the key, or one of its parts, has no text; the message names its type */
    static String encode(@Nullable Object key) {
        if (!(key instanceof CompositeKey composite)) {
            return part(key);
        }
        StringBuilder text = new StringBuilder();
        List<@Nullable Object> parts = composite.parts();
        for (int i = 0; i < parts.size(); i++) {
            if (i > 0) {
                text.append(JOIN);
            }
            text.append(part(parts.get(i)));
        }
        return text.toString();
    }

    private static String part(@Nullable Object part) {
        if (part == null) {
            return NULL;
        }
        if (part instanceof CompositeKey) {
            throw new IllegalArgumentException("a CompositeKey cannot be a part of another");
        }
        String raw = KeyPart.textOf(part);
        int first = firstSpecial(raw);
        return first < 0 ? raw : escape(raw, first);
    }

    private static int firstSpecial(String raw) {
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == ESCAPE || c == JOIN || Character.isSurrogate(c)) {
                return i;
            }
        }
        return -1;
    }

    private static String escape(String raw, int first) {
        StringBuilder text = new StringBuilder(raw.length() + 8).append(raw, 0, first);
        for (int i = first; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == ESCAPE || c == JOIN) {
                text.append(ESCAPE).append(c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < raw.length()
                    && Character.isLowSurrogate(raw.charAt(i + 1))) {
                text.append(c).append(raw.charAt(++i));
            } else if (Character.isSurrogate(c)) {
                text.append(ESCAPE).append('u').append(HexFormat.of().toHexDigits(c));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    /**
     * Splits a text into its parts; null is a null part.
     *
     * @throws IllegalArgumentException if the text is none that {@link #encode} writes
     */
    static List<@Nullable String> split(String text) {
        List<@Nullable String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean isNull = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == JOIN) {
                parts.add(isNull ? null : part.toString());
                part.setLength(0);
                isNull = false;
            } else if (isNull) {
                throw malformed();
            } else if (c != ESCAPE) {
                part.append(c);
            } else if (++i >= text.length()) {
                throw malformed();
            } else {
                char escaped = text.charAt(i);
                switch (escaped) {
                    case ESCAPE, JOIN -> part.append(escaped);
                    case 'u' -> {
                        part.append(surrogate(text, i + 1));
                        i += HEX_DIGITS;
                    }
                    case 'N' -> isNull = part.length() == 0;
                    default -> throw malformed();
                }
                if (escaped == 'N' && !isNull) {
                    throw malformed();
                }
            }
        }
        parts.add(isNull ? null : part.toString());
        return parts;
    }

    private static char surrogate(String text, int at) {
        if (at + HEX_DIGITS > text.length()) {
            throw malformed();
        }
        char c = (char) HexFormat.fromHexDigits(text, at, at + HEX_DIGITS);
        if (!Character.isSurrogate(c)) {
            throw malformed();
        }
        return c;
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException("not the text of a cache key");
    }
}
