package dev.aside.benchmarks.cache;

import java.util.Collection;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.Statistics;

/**
 * Runs the hit benchmarks with one and two threads and prints them as ratios to raw Caffeine of the same run. An argument
 * is a regular expression for the benchmarks to run; the raw one always runs.
 */
public final class HitBenchmarkMain {
    private HitBenchmarkMain() {}

    /** Runs and prints. */
    @SuppressWarnings("SystemOut") // its output is what it is for
    public static void main(String[] args) throws RunnerException {
        for (int threads = 1; threads <= 2; threads++) {
            OptionsBuilder options = new OptionsBuilder();
            options.include("\\.HitBenchmark\\.caffeine$").threads(threads).forks(4);
            for (String pattern : args.length == 0 ? new String[] {"cache\\..*HitBenchmark"} : args) {
                options.include(pattern);
            }
            options.warmupIterations(3).warmupTime(TimeValue.seconds(1));
            options.measurementIterations(6).measurementTime(TimeValue.milliseconds(500));
            options.addProfiler(CpuProfiler.class).addProfiler(GCProfiler.class);
            print(threads, new Runner(options.build()).run());
        }
    }

    private static void print(int threads, Collection<RunResult> results) {
        TreeMap<String, RunResult> byName = new TreeMap<>();
        results.forEach(result -> byName.put(result.getPrimaryResult().getLabel(), result));
        Statistics raw = cpu(Objects.requireNonNull(byName.get("caffeine"), "the raw cache was not run"));
        System.out.printf("%n%d thread(s): CPU ns min / median, ratio min / median, B/op%n", threads);
        byName.forEach((name, result) -> {
            Statistics cpu = cpu(result);
            double min = cpu.getMin();
            double median = cpu.getPercentile(50);
            System.out.printf(
                    Locale.ROOT,
                    "%-26s %8.1f %8.1f   %5.2fx %5.2fx   %6.0f%n",
                    name,
                    min,
                    median,
                    min / raw.getMin(),
                    median / raw.getPercentile(50),
                    secondary(result, "gc.alloc.rate.norm").getScore());
        });
    }

    private static Statistics cpu(RunResult result) {
        return secondary(result, "cpu").getStatistics();
    }

    private static Result<?> secondary(RunResult result, String label) {
        return Objects.requireNonNull(result.getSecondaryResults().get(label), label);
    }
}
