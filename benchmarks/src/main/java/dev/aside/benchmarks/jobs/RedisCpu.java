package dev.aside.benchmarks.jobs;

import dev.aside.testkit.RedisServer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Processor time of a Redis, of user and system, of its main thread and the others. */
final class RedisCpu {
    private static final Pattern CPU = Pattern.compile("used_cpu_(?:user|sys):([0-9.]+)");

    private RedisCpu() {}

    static double seconds(RedisServer redis) {
        Matcher found = CPU.matcher(String.valueOf(redis.command("INFO", "cpu")));
        double sum = 0;
        while (found.find()) {
            sum += Double.parseDouble(found.group(1));
        }
        return sum;
    }
}
