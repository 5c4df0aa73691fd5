package dev.aside.spring;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.format.annotation.DurationFormat.Style;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

/** What the library says in terms of its builders, in the terms of properties. */
final class PropertyText {
    private static final Pattern MADE = Pattern.compile("Duration\\.of(Millis|Seconds|Minutes|Hours|Days)\\((\\d+)\\)");
    private static final Pattern ISO = Pattern.compile("PT-?\\d[0-9HMS.]*[HMS]");
    private static final Pattern CALL = Pattern.compile("\\b(\\w+)\\(([\\d_]+)\\)");
    private static final Pattern WORD = Pattern.compile("\\b[a-z]+(?:[A-Z][a-z]+)+\\b");

    private PropertyText() {}

    /** {@code local-ttl 10m} for {@code localTtl PT10M}, {@code maximum-size: 8} for {@code maximumSize(8)}. */
    static String of(String text) {
        String plain = MADE.matcher(text).replaceAll(made -> made.group(2) + unit(made.group(1)));
        plain = ISO.matcher(plain).replaceAll(PropertyText::duration);
        plain = CALL.matcher(plain)
                .replaceAll(call -> call.group(1) + ": " + call.group(2).replace("_", ""));
        return WORD.matcher(plain)
                .replaceAll(word -> PropertyNames.attributes().contains(word.group())
                        ? PropertyNames.dashed(word.group())
                        : Matcher.quoteReplacement(word.group()));
    }

    private static String unit(String name) {
        return name.equals("Millis") ? "ms" : name.substring(0, 1).toLowerCase(Locale.ROOT);
    }

    private static String duration(MatchResult iso) {
        try {
            Duration duration = Duration.parse(iso.group());
            String size = DurationFormatterUtils.print(duration.abs(), Style.COMPOSITE);
            return duration.isZero() ? "0s" : (duration.isNegative() ? "-" : "") + size;
        } catch (DateTimeParseException notOne) {
            return Matcher.quoteReplacement(iso.group());
        }
    }
}
