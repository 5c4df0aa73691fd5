package dev.aside.cache.proxy;

import dev.aside.cache.spi.CacheConfigurationException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as users write them in annotations: {@code 250ms}, {@code 30s}, {@code 10m}, {@code 2h5m}, {@code 1d}. */
public final class DurationText {
    private static final Pattern WHOLE =
            Pattern.compile("(?:(\\d{1,9})d)?(?:(\\d{1,9})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9})s)?(?:(\\d{1,9})ms)?");

    private DurationText() {}

    /**
     * Reads a duration: whole numbers with the units {@code d h m s ms}, each at most once, largest first.
     *
     * @param text what the user wrote
     * @param where named in the error, such as {@code "ttl of @Cached on Products.bySku"}
     * @throws CacheConfigurationException if the text is anything else
     */
    public static Duration parse(String text, String where) {
        Matcher matcher = WHOLE.matcher(text.strip());
        if (text.isBlank() || !matcher.matches()) {
            throw new CacheConfigurationException("'" + text + "' is not a duration\n    for " + where
                    + " [hint: whole numbers with the units d, h, m, s, ms, largest first: 250ms, 30s, 10m, 2h5m]");
        }
        return Duration.ofDays(number(matcher, 1))
                .plusHours(number(matcher, 2))
                .plusMinutes(number(matcher, 3))
                .plusSeconds(number(matcher, 4))
                .plusMillis(number(matcher, 5));
    }

    /** Writes a duration the way {@link #parse} reads it, to the millisecond. */
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        StringBuilder text = new StringBuilder();
        long[] sizes = {86_400_000, 3_600_000, 60_000, 1_000, 1};
        String[] units = {"d", "h", "m", "s", "ms"};
        for (int i = 0; i < sizes.length; i++) {
            if (millis >= sizes[i]) {
                text.append(millis / sizes[i]).append(units[i]);
                millis %= sizes[i];
            }
        }
        return text.length() == 0 ? "0s" : text.toString();
    }

    private static long number(Matcher matcher, int group) {
        String digits = matcher.group(group);
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
