package dev.aside.offload;

import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;

/** Checks of values that users hand in; each message names the value, the range and a way out. */
final class Ranges {
    static final Duration DAY = Duration.ofDays(1);

    private static final Pattern TYPE_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,63}");

    private Ranges() {}

    static Duration within(String what, Duration value, Duration least, Duration most) {
        Objects.requireNonNull(value, what);
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(what + " " + value + " is not within " + least + ".." + most + ".");
        }
        return value;
    }

    static int atLeast(String what, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(what + " " + value + " is below " + least + ".");
        }
        return value;
    }

    static String idempotencyKey(String key) {
        Objects.requireNonNull(key, "key");
        if (key.isEmpty() || key.length() > 255) {
            throw new IllegalArgumentException("an idempotency key of " + key.length()
                    + " characters is not within 1..255. Hint: hash what is longer.");
        }
        return key;
    }

    static String typeName(String name) {
        Objects.requireNonNull(name, "type");
        if (!TYPE_NAME.matcher(name).matches()) {
            String shown = name.length() > 70 ? name.substring(0, 70) + "..." : name;
            throw new IllegalArgumentException("job type '" + shown + "' is not a name."
                    + " Hint: a letter, then up to 63 letters, digits, dots, dashes or underscores;"
                    + " a type is a kind of work such as 'sales-report', not an id.");
        }
        return name;
    }
}
