package dev.aside.benchmarks.cache;

import dev.aside.benchmarks.jmh.Turns;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the hit benchmarks with one and two threads and prints them as ratios to raw Caffeine of the same run. An argument
 * is a regular expression for the benchmarks to run; the raw one always runs.
 */
public final class HitBenchmarkMain {
    private static final int ROUNDS = 5;

    private HitBenchmarkMain() {}

    /** Runs and prints. */
    public static void main(String[] args) throws RunnerException {
        for (int threads = 1; threads <= 2; threads++) {
            ChainedOptionsBuilder options = new OptionsBuilder()
                    .include("\\.HitBenchmark\\.caffeine$")
                    .threads(threads)
                    .warmupIterations(3)
                    .warmupTime(TimeValue.seconds(1))
                    .measurementIterations(6)
                    .measurementTime(TimeValue.milliseconds(500))
                    .addProfiler(CpuProfiler.class)
                    .addProfiler(GCProfiler.class);
            for (String pattern : args.length == 0 ? new String[] {"cache\\..*HitBenchmark"} : args) {
                options.include(pattern);
            }
            print(threads, Turns.run(ROUNDS, "caffeine", options));
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
