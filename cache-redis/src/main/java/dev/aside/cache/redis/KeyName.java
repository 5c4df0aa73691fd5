package dev.aside.cache.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What a cache key is called in Redis: in the name of its entry and in the log. Immutable.
 *
 * @param logKey {@code :} and the key's text, or {@code #} and the SHA-256 of a text that is too long
 * @param longText the text if it had to be hashed; it stands in the value and is compared on a hit
 */
record KeyName(String logKey, @Nullable String longText) {
    /** The log key that stands for all keys of a cache. */
    static final String ALL = "*";

    private static final int MAX_UTF8_PER_CHAR = 3;

    static KeyName of(Object key) {
        return ofText(KeyText.encode(key));
    }

    static KeyName ofText(String text) {
        boolean fits = text.length() * MAX_UTF8_PER_CHAR <= Layout.MAX_KEY_BYTES
                || text.getBytes(StandardCharsets.UTF_8).length <= Layout.MAX_KEY_BYTES;
        return fits ? new KeyName(':' + text, null) : new KeyName('#' + sha256(text), text);
    }

    boolean hashed() {
        return longText != null;
    }

    private static String sha256(String text) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
