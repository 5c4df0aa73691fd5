package dev.aside.offload.redis.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The commands, with what may follow each. */
enum Verb {
    LIST(0, 0, "state type limit"),
    SHOW(1, 1, "payload"),
    COUNTS(0, 0, ""),
    CANCEL(1, 1, "reason"),
    RERUN(0, 1, "all type"),
    PURGE(0, 0, "state type older-than yes"),
    PAUSE(1, 1, ""),
    RESUME(1, 1, ""),
    CAP(2, 2, ""),
    AUDIT(0, 0, "");

    private final int least;
    private final int most;
    private final String options;

    Verb(int least, int most, String options) {
        this.least = least;
        this.most = most;
        this.options = options;
    }

    static Verb of(Arguments arguments) {
        if (arguments.words().size() < 2 || !arguments.words().get(0).equals("jobs")) {
            throw new UsageException("a command is missing. Hint: one of jobs " + names() + ".");
        }
        String name = arguments.words().get(1);
        return Arrays.stream(values())
                .filter(verb -> verb.text().equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException(
                        "there is no command 'jobs " + name + "'. Hint: it is one of " + names() + "."));
    }

    void check(Arguments arguments) {
        int words = arguments.words().size() - 2;
        if (words < least || words > most) {
            throw new UsageException("'jobs " + text() + "' takes "
                    + (least == most ? String.valueOf(most) : "at most " + most)
                    + (most == 1 ? " word" : " words") + ", but there " + (words == 1 ? "is " : "are ") + words
                    + ". Hint: --help shows what each command takes.");
        }
        Set<String> known = Set.of(options.split(" ", -1));
        arguments.names().stream()
                .filter(option -> !known.contains(option) && !Arguments.EVERYWHERE.contains(option))
                .findFirst()
                .ifPresent(option -> {
                    throw new UsageException("'jobs " + text() + "' has no option --" + option
                            + ". Hint: --help shows what each command takes.");
                });
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static String names() {
        return Arrays.stream(values()).map(Verb::text).collect(Collectors.joining(", "));
    }
}
