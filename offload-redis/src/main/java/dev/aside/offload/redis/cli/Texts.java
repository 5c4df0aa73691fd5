package dev.aside.offload.redis.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Values as people read them. */
final class Texts {
    private Texts() {}

    /** Text of users as one line without control characters, which a terminal might obey. */
    static String printable(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? ' ' : c)
                .forEach(line::appendCodePoint);
        return line.toString();
    }

    static String brief(String text) {
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }

    static String time(@Nullable Instant time) {
        return time == null ? "-" : time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static String length(Duration duration) {
        long seconds = Math.round(Math.abs(duration.toMillis()) / 1_000.0);
        String text;
        if (seconds < 120) {
            text = seconds + " s";
        } else if (seconds < 7_200) {
            text = Math.round(seconds / 60.0) + " min";
        } else if (seconds < 172_800) {
            text = Math.round(seconds / 3_600.0) + " h";
        } else {
            text = Math.round(seconds / 86_400.0) + " d";
        }
        return duration.isNegative() ? "over since " + text : text;
    }

    static String bytes(long bytes) {
        return bytes < 0 ? "none" : bytes + (bytes == 1 ? " byte" : " bytes");
    }

    static String jobs(long jobs) {
        return jobs + (jobs == 1 ? " job" : " jobs");
    }
}
