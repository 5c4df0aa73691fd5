package dev.aside.offload.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The Lua scripts of the store; each file says what it takes and answers. Every one decides one command atomically and
 * answers a repeated command the same way, so a client may send it again after a lost reply.
 */
enum JobScript {
    SUBMIT,
    TRACK,
    UNTRACK,
    CLAIM,
    BEAT,
    UPDATE,
    FINISH,
    CANCEL,
    TICK,
    RERUN,
    PASS,
    OPTION,
    AUDIT,
    INSPECT,
    COUNTS,
    PURGE;

    /** A Redis that is full takes no new jobs, but what is there goes on and makes room. */
    private static final String GOES_ON_WHEN_FULL = "#!lua flags=allow-oom\n";

    private static final String CLOSING = "end\nlocal answer = script()\nclose()\nreturn answer\n";

    private final String text;
    private final String sha1;

    JobScript() {
        String own = read(name().toLowerCase(Locale.ROOT));
        boolean takesIn = name().equals("SUBMIT") || name().equals("TRACK");
        text = (takesIn ? "" : GOES_ON_WHEN_FULL) + read("common") + "local function script()\n" + own + CLOSING;
        sha1 = sha1(text);
    }

    String text() {
        return text;
    }

    String sha1() {
        return sha1;
    }

    private static String read(String name) {
        String file = name + ".lua";
        try (InputStream in = JobScript.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing beside " + JobScript.class.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    private static String sha1(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
