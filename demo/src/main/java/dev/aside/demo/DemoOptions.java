package dev.aside.demo;

import dev.aside.demo.data.GeneratedSales;
import dev.aside.demo.data.RetailFile;
import dev.aside.demo.data.SalesLines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the demo was asked to do.
 *
 * @param sales what fills the shop
 * @param postgres JDBC URL of a database to use; null to start one
 * @param redis URI of a Redis to use; null to start one
 * @param ports one for each node; 0 for any
 * @param springArguments settings for every node, such as {@code --aside.offload.threshold=50ms}
 */
record DemoOptions(
        SalesLines sales,
        @Nullable String postgres,
        @Nullable String redis,
        List<Integer> ports,
        List<String> springArguments) {

    static final String USAGE = """
            usage: [--data=<online-retail.csv.xz>] [--seed=1] [--lines=300000] [--ports=8080,8081]
                   [--postgres=jdbc:postgresql://host/database?user=...&password=...] [--redis=redis://host:port]
                   [--aside.<property>=<value>] [--logging.<property>=<value>] [--spring.<property>=<value>]
            """;

    private static final List<String> OWN = List.of("data", "seed", "lines", "ports", "postgres", "redis");
    private static final List<String> SPRING = List.of("--aside.", "--logging.", "--spring.", "--server.");

    DemoOptions {
        ports = List.copyOf(ports);
        springArguments = List.copyOf(springArguments);
    }

    /**
     * Reads the command line.
     *
     * @throws DemoException if an option is unknown or its value is none
     * @throws dev.aside.demo.data.ShopDataException if the data file cannot be read
     */
    static DemoOptions parse(String... arguments) {
        Map<String, String> own = new HashMap<>();
        List<String> spring = new ArrayList<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String name = argument.startsWith("--") && equals > 0 ? argument.substring(2, equals) : "";
            if (OWN.contains(name)) {
                own.put(name, argument.substring(equals + 1));
            } else if (equals > 0 && SPRING.stream().anyMatch(argument::startsWith)) {
                spring.add(argument);
            } else {
                throw new DemoException("unknown option '" + argument + "' [hint: --" + String.join("=, --", OWN)
                        + "=, or a setting of the nodes such as --aside.offload.threshold=50ms]");
            }
        }
        return new DemoOptions(
                sales(own),
                own.get("postgres"),
                own.get("redis"),
                Arrays.stream(own.getOrDefault("ports", "8080,8081").split(",", -1))
                        .map(port -> number("ports", port, 0, 65_535))
                        .toList(),
                spring);
    }

    private static SalesLines sales(Map<String, String> own) {
        String data = own.get("data");
        if (data != null) {
            return RetailFile.of(Path.of(data));
        }
        int seed = number("seed", own.getOrDefault("seed", "1"), 0, Integer.MAX_VALUE);
        return new GeneratedSales(seed, number("lines", own.getOrDefault("lines", "300000"), 1_000, 1_000_000));
    }

    private static int number(String option, String text, int min, int max) {
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw noNumber(option, text, min, max, e);
        }
        throw noNumber(option, text, min, max, null);
    }

    private static DemoException noNumber(
            String option, String text, int min, int max, @Nullable NumberFormatException cause) {
        String message = "--" + option + ": '" + text + "' is not a number from " + min + " to " + max;
        return cause == null ? new DemoException(message) : new DemoException(message, cause);
    }
}
