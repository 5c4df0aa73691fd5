package dev.aside.offload.http;

import java.time.Duration;
import java.util.Objects;

/** Arithmetic of durations that come from options, clients and estimates: any length, either sign. */
final class Durations {
    private static final Duration LONGEST_SECONDS = Duration.ofDays(1);

    private Durations() {}

    static Duration within(String what, Duration value, Duration least, Duration most) {
        Objects.requireNonNull(value, what);
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(what + " " + value + " is not within " + least + ".." + most + ".");
        }
        return value;
    }

    static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    static Duration clamp(Duration value, Duration least, Duration most) {
        return value.compareTo(least) < 0 ? least : min(value, most);
    }

    /** {@code Retry-After}: whole seconds, rounded up so that nobody comes too early; 1 s to one day. */
    static String retryAfter(Duration value) {
        Duration whole = clamp(value, Duration.ofSeconds(1), LONGEST_SECONDS);
        return Long.toString(whole.getSeconds() + (whole.getNano() > 0 ? 1 : 0));
    }
}
