package dev.aside.spring.actuate;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DurationFormat.Style;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

/** Durations as operators write them. */
final class DurationText {
    private DurationText() {}

    /** @throws IllegalArgumentException if it is none; names the parameter */
    static Duration read(String name, String given) {
        String text = given.strip();
        try {
            if (!text.isEmpty()) {
                boolean iso = text.startsWith("P") || text.startsWith("p");
                return DurationFormatterUtils.parse(text, iso ? Style.ISO8601 : Style.COMPOSITE);
            }
        } catch (IllegalArgumentException e) {
            throw notDuration(name, text, e);
        }
        throw notDuration(name, text, null);
    }

    private static IllegalArgumentException notDuration(String name, String text, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                name + " '" + text + "' is not a duration [hint: 250ms, 30s, 10m, 2h5m or PT30S]", cause);
    }
}
