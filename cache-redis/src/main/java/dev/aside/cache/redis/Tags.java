package dev.aside.cache.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tags as Redis knows them: as texts that UTF-8 can carry, written like keys ({@link KeyText}). */
final class Tags {
    /** More tags of one value, or longer ones in UTF-8, make the value unstorable. */
    static final int MAX_PER_VALUE = 64;

    static final int MAX_BYTES = 1024;

    /** What the log says of a tag begins with this; what it says of a key does not. */
    private static final char LOGGED = '@';

    private Tags() {}

    /** The distinct texts of tags, in their order. @throws IllegalArgumentException if one is too long */
    static List<String> texts(Collection<String> tags) {
        Set<String> texts = new LinkedHashSet<>();
        for (String tag : tags) {
            String text = KeyText.encode(tag);
            int bytes = text.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_BYTES) {
                throw new IllegalArgumentException("a tag of " + bytes + " bytes is longer than the limit of "
                        + MAX_BYTES + ": it begins with '" + tag.substring(0, 40) + "'");
            }
            texts.add(text);
        }
        return List.copyOf(texts);
    }

    /** As {@link #texts}, for what stands in one value. @throws IllegalArgumentException also if there are too many */
    static List<String> ofValue(Collection<String> tags) {
        if (tags.isEmpty()) {
            return List.of();
        }
        List<String> texts = texts(tags);
        if (texts.size() > MAX_PER_VALUE) {
            throw new IllegalArgumentException(
                    "a value with " + texts.size() + " tags has more than the limit of " + MAX_PER_VALUE);
        }
        return texts;
    }

    /** The tag of a text. @throws IllegalArgumentException if it is none */
    static String tag(String text) {
        List<@Nullable String> parts = KeyText.split(text);
        String tag = parts.size() == 1 ? parts.get(0) : null;
        if (tag == null) {
            throw new IllegalArgumentException("not the text of a tag");
        }
        return tag;
    }

    static List<String> tags(List<String> texts) {
        List<String> tags = new ArrayList<>(texts.size());
        texts.forEach(text -> tags.add(tag(text)));
        return tags;
    }

    /** What stands in the log, and in the journals, in place of a log key. */
    static String logged(String text) {
        return LOGGED + text;
    }

    static boolean isLogged(String logKey) {
        return !logKey.isEmpty() && logKey.charAt(0) == LOGGED;
    }

    static String textOfLogged(String logKey) {
        return logKey.substring(1);
    }
}
