package dev.aside.spring.actuate;

import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value as text for people: what its {@code toString} gives, cut at {@value #LIMIT} characters. Values are not made
 * JSON: nobody wrote them for that, and they may lead to half of the heap. Immutable.
 */
record ValueText(String text, boolean truncated) {
    static final int LIMIT = 1_000;

    static ValueText of(Object value) {
        StringBuilder text = new StringBuilder();
        append(text, value);
        boolean tooLong = text.length() > LIMIT;
        return new ValueText(tooLong ? text.substring(0, LIMIT) : text.toString(), tooLong);
    }

    /** Goes through collections itself, and stops when there is enough: they may have millions of elements. */
    private static void append(StringBuilder text, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            appendAll(text, map.entrySet(), '{', '}');
        } else if (value instanceof Map.Entry<?, ?> entry) {
            append(text, entry.getKey());
            text.append('=');
            append(text, entry.getValue());
        } else if (value instanceof Collection<?> all) {
            appendAll(text, all, '[', ']');
        } else if (value instanceof Object[] array) {
            appendAll(text, Arrays.asList(array), '[', ']');
        } else if (value instanceof CharSequence chars) {
            text.append(chars, 0, Math.min(chars.length(), LIMIT + 1));
        } else {
            text.append(plain(value));
        }
    }

    private static void appendAll(StringBuilder text, Iterable<?> all, char open, char close) {
        text.append(open);
        for (Iterator<?> rest = all.iterator(); rest.hasNext() && text.length() <= LIMIT; ) {
            append(text, rest.next());
            text.append(rest.hasNext() ? ", " : "");
        }
        text.append(close);
    }

    private static String plain(@Nullable Object value) {
        try {
            return String.valueOf(value);
        } catch (RuntimeException | StackOverflowError e) {
            return "(toString failed: " + e.getClass().getName() + ")";
        }
    }
}
