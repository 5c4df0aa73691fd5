package dev.aside.offload.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client prefers (RFC 7240), as far as it matters here. A field that breaks the grammar is ignored as a whole, all
 * its lines together, because a proxy may have joined them. Immutable.
 */
final class Prefer {
    static final Prefer NONE = new Prefer(false, null, "");

    /** Also what longer numbers are read as; far above any cap. */
    private static final long MAX_NUMBER = Integer.MAX_VALUE;

    private final boolean respondAsync;
    private final @Nullable Duration waitTime;
    private final String waitName;

    private Prefer(boolean respondAsync, @Nullable Duration waitTime, String waitName) {
        this.respondAsync = respondAsync;
        this.waitTime = waitTime;
        this.waitName = waitName;
    }

    static Prefer parse(List<String> lines) {
        String text = String.join(", ", lines);
        if (text.length() > HeaderScanner.MAX_LENGTH) {
            return NONE;
        }
        Map<String, String> preferences = read(new HeaderScanner(text));
        return preferences == null ? NONE : of(preferences);
    }

    /** By lower-case name, the first of each name; null if the grammar is broken. */
    private static @Nullable Map<String, String> read(HeaderScanner in) {
        Map<String, String> preferences = new HashMap<>();
        for (in.skipCommas(); !in.atEnd(); in.skipCommas()) {
            String name = in.token();
            String value = name == null ? null : valueOrEmpty(in);
            if (name == null || value == null || !skipParameters(in)) {
                return null;
            }
            preferences.putIfAbsent(name.toLowerCase(Locale.ROOT), value);
        }
        return preferences;
    }

    private static @Nullable String valueOrEmpty(HeaderScanner in) {
        in.skipSpace();
        if (!in.eat('=')) {
            return "";
        }
        in.skipSpace();
        return in.word();
    }

    private static boolean skipParameters(HeaderScanner in) {
        while (!in.atElementEnd()) {
            if (!in.eat(';')) {
                return false;
            }
            in.skipSpace();
            if (in.token() != null && valueOrEmpty(in) == null) {
                return false;
            }
        }
        return true;
    }

    private static Prefer of(Map<String, String> preferences) {
        boolean async = "".equals(preferences.get("respond-async"));
        Duration seconds = number(preferences.get("wait"), 1_000);
        Duration millis = number(preferences.get("wait-ms"), 1);
        if (millis != null && (seconds == null || millis.compareTo(seconds) < 0)) {
            return new Prefer(async, millis, "wait-ms");
        }
        return new Prefer(async, seconds, "wait");
    }

    private static @Nullable Duration number(@Nullable String digits, long unitMillis) {
        if (digits == null || !HeaderScanner.isNumber(digits)) {
            return null;
        }
        String significant = digits.replaceFirst("^0+(?=.)", "");
        long value = significant.length() > 10 ? MAX_NUMBER : Math.min(Long.parseLong(significant), MAX_NUMBER);
        return Duration.ofMillis(value * unitMillis);
    }

    /** Whether the client can do with a 202. */
    boolean respondAsync() {
        return respondAsync;
    }

    /** How long it is willing to wait, the shorter one if it says so twice; null if it does not say. */
    @Nullable Duration waitTime() {
        return waitTime;
    }

    /** How {@code Preference-Applied} reports a wait of this length. */
    String appliedWait(Duration applied) {
        return waitName + "=" + (waitName.equals("wait") ? applied.toSeconds() : applied.toMillis());
    }
}
