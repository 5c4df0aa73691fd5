package dev.aside.benchmarks.cache;

import dev.aside.benchmarks.jmh.Turns;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the hit benchmarks with one and two threads and prints them as ratios to raw Caffeine of the same round. An argument
 * is a regular expression for the benchmarks to run; the raw one always runs.
 *
 * <p>With two threads on two cores some forks took ten seconds and more to become fast, raw Caffeine five; so all are given
 * fifteen.
 */
public final class HitBenchmarkMain {
    private static final int ROUNDS = 4;

    private HitBenchmarkMain() {}

    /** Runs and prints. */
    public static void main(String[] args) throws RunnerException {
        List<String> patterns = new ArrayList<>(List.of(args));
        if (patterns.isEmpty()) {
            patterns.add("cache\\..*HitBenchmark");
        }
        patterns.add("\\.HitBenchmark\\.caffeine$");
        for (int threads = 1; threads <= 2; threads++) {
            Options options = new OptionsBuilder()
                    .threads(threads)
                    .verbosity(VerboseMode.SILENT)
                    .warmupIterations(15)
                    .warmupTime(TimeValue.seconds(1))
                    .measurementIterations(6)
                    .measurementTime(TimeValue.milliseconds(500))
                    .addProfiler(CpuProfiler.class)
                    .addProfiler(GCProfiler.class)
                    .build();
            print(threads, Turns.run(ROUNDS, "caffeine", patterns, options));
        }
    }

    @SuppressWarnings("SystemOut") // its output is what it is for
    private static void print(int threads, Turns turns) {
        System.out.printf(
                "%n%d thread(s): CPU ns best / median, ratios (lowest and highest of %d rounds), B/op%n",
                threads, ROUNDS);
        for (String name : turns.names()) {
            System.out.printf(
                    Locale.ROOT,
                    "%-26s %8.1f %8.1f   %-20s  %-20s   %6.0f%n",
                    name,
                    turns.median(name, HitBenchmarkMain::best),
                    turns.median(name, HitBenchmarkMain::median),
                    turns.ratio(name, HitBenchmarkMain::best),
                    turns.ratio(name, HitBenchmarkMain::median),
                    turns.median(name, HitBenchmarkMain::bytes));
        }
    }

    private static double best(RunResult result) {
        return Turns.secondary(result, "cpu").getMin();
    }

    private static double median(RunResult result) {
        return Turns.secondary(result, "cpu").getPercentile(50);
    }

    private static double bytes(RunResult result) {
        return Turns.secondary(result, "gc.alloc.rate.norm").getMean();
    }
}
