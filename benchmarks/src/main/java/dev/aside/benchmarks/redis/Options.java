package dev.aside.benchmarks.redis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The options of a program, {@code --name=value} each. Immutable. */
public final class Options {
    private final Map<String, String> given;

    private Options(Map<String, String> given) {
        this.given = given;
    }

    /**
     * The options of a command line.
     *
     * @throws IllegalArgumentException if an argument is none
     */
    public static Options of(String[] args) {
        Map<String, String> given = new HashMap<>();
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (!arg.startsWith("--") || equals < 0) {
                throw new IllegalArgumentException("'" + arg + "' is not of the form --name=value");
            }
            given.put(arg.substring(2, equals), arg.substring(equals + 1));
        }
        return new Options(given);
    }

    /** The value as it was given. */
    public String text(String name, String otherwise) {
        return given.getOrDefault(name, otherwise);
    }

    /** The value as a number. */
    public int number(String name, int otherwise) {
        return Integer.parseInt(text(name, Integer.toString(otherwise)));
    }

    /** Values separated by commas. */
    public List<String> list(String name, String otherwise) {
        return List.of(text(name, otherwise).split(",", -1));
    }

    /** The value as true or false. */
    public boolean flag(String name, boolean otherwise) {
        return Boolean.parseBoolean(text(name, Boolean.toString(otherwise)));
    }
}
