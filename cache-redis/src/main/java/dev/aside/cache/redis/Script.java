package dev.aside.cache.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** The Lua scripts; each file says what it takes and returns. Functions that several share are in files of their own. */
enum Script {
    ATTACH,
    BEAT,
    GETL("clock", "stamp", "writers"),
    FILL("clock", "tags", "store"),
    RELEASE,
    RENEW("clock"),
    INV("log", "clock", "stamp", "writers"),
    CLEAR("log"),
    BEGIN("log", "clock", "stamp", "writers"),
    PUT("log", "clock", "stamp", "writers", "tags", "store"),
    INVTAGS("log");

    private final String text;
    private final String sha1;

    /** @param shared the files that are put before the script's own */
    Script(String... shared) {
        StringBuilder all = new StringBuilder();
        for (String file : shared) {
            all.append(read(file));
        }
        text = all.append(read(name().toLowerCase(Locale.ROOT))).toString();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        sha1 = sha1(bytes, 0, bytes.length);
    }

    private static String read(String name) {
        String file = name + ".lua";
        try (InputStream in = Script.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing beside " + Script.class.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    String text() {
        return text;
    }

    String sha1() {
        return sha1;
    }

    /** What {@code redis.sha1hex} says of the same bytes. */
    static String sha1(byte[] bytes, int offset, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(bytes, offset, length);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
