package dev.aside.cache;

import dev.aside.cache.spi.CacheConfigurationException;
import java.util.regex.Pattern;

/** The names of caches, policies and tags. The first two appear in keys, logs and metrics, so they are kept plain. */
final class Names {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private Names() {}

    /** Gives the name back if it is plain. */
    static String check(String what, String name) {
        if (!PLAIN.matcher(name).matches()) {
            throw new CacheConfigurationException("'" + name + "' is not a " + what
                    + " [hint: 1 to 100 letters, digits and . _ - starting with a letter or digit]");
        }
        return name;
    }

    /** Gives a tag back if it says anything. */
    static String checkTag(String tag) {
        if (tag.isBlank()) {
            throw new IllegalArgumentException("a blank text is not a tag [hint: \"country:GB\"]");
        }
        return tag;
    }
}
