package dev.aside.offload.redis.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What was typed: words, and options before, between or after them. Immutable. */
final class Arguments {
    /** The options of all commands. */
    static final Set<String> EVERYWHERE = Set.of("redis", "namespace", "json", "help");

    private static final Set<String> FLAGS = Set.of("json", "help", "payload", "all", "yes");
    private static final Set<String> VALUES =
            Set.of("redis", "namespace", "state", "type", "limit", "reason", "older-than");
    private static final Pattern AGE = Pattern.compile("(\\d{1,9})(s|m|h|d)");

    private final List<String> words;
    private final Map<String, String> options;

    private Arguments(List<String> words, Map<String, String> options) {
        this.words = List.copyOf(words);
        this.options = Map.copyOf(options);
    }

    /** @throws UsageException if there is an unknown option, one without its value, or one twice */
    static Arguments of(String... typed) {
        List<String> words = new ArrayList<>();
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i < typed.length; i++) {
            if (!typed[i].startsWith("--")) {
                words.add(typed[i]);
                continue;
            }
            int equals = typed[i].indexOf('=');
            String name = typed[i].substring(2, equals < 0 ? typed[i].length() : equals);
            String value;
            if (FLAGS.contains(name) && equals < 0) {
                value = "";
            } else if (!VALUES.contains(name)) {
                throw new UsageException("there is no option --" + name + (FLAGS.contains(name) ? "=..." : "")
                        + ". Hint: --help shows what there is.");
            } else if (equals >= 0) {
                value = typed[i].substring(equals + 1);
            } else if (i + 1 < typed.length) {
                value = typed[++i];
            } else {
                throw new UsageException("the option --" + name + " needs a value. Hint: --" + name + " <value>.");
            }
            if (options.put(name, value) != null) {
                throw new UsageException("the option --" + name + " is given twice. Hint: leave one of them out.");
            }
        }
        return new Arguments(words, options);
    }

    List<String> words() {
        return words;
    }

    Set<String> names() {
        return options.keySet();
    }

    /** The word after the command, counted from 0. */
    String word(int index) {
        return words.get(index + 2);
    }

    boolean has(String option) {
        return options.containsKey(option);
    }

    @Nullable String text(String option) {
        return options.get(option);
    }

    String text(String option, String otherwise) {
        return options.getOrDefault(option, otherwise);
    }

    int limit(int otherwise) {
        String text = options.get("limit");
        return text == null ? otherwise : number("limit", text);
    }

    static int number(String what, String text) {
        try {
            int number = Integer.parseInt(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new UsageException("the " + what + " '" + text + "' is not a number above 0. Hint: such as 20.");
    }

    /** A length of time such as {@code 2h}, or in ISO form; zero if the option is not given. */
    Duration age(String option) {
        String text = options.get(option);
        if (text == null) {
            return Duration.ZERO;
        }
        Matcher brief = AGE.matcher(text);
        try {
            if (brief.matches()) {
                boolean days = brief.group(2).equals("d");
                return Duration.parse(
                        (days ? "P" : "PT") + brief.group(1) + brief.group(2).toUpperCase(Locale.ROOT));
            }
            Duration iso = Duration.parse(text);
            if (!iso.isNegative()) {
                return iso;
            }
        } catch (DateTimeParseException e) {
            // said below
        }
        throw new UsageException("--" + option + " '" + text + "' is not a length of time. Hint: such as 90s, 2h, 7d.");
    }
}
