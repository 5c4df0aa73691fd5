package dev.aside.benchmarks.offload;

import dev.aside.benchmarks.jmh.Turns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs {@link CallBenchmark} with 1, 8 and 200 callers and prints ratios to a plain pool of the same round. Arguments:
 * numbers of callers, and regular expressions for the benchmarks to run; the pool always runs.
 */
public final class CallBenchmarkMain {
    private static final int ROUNDS = 6;

    private CallBenchmarkMain() {}

    /** Runs and prints. */
    public static void main(String[] args) throws RunnerException {
        int[] callers = Arrays.stream(args)
                .filter(argument -> argument.matches("\\d+"))
                .mapToInt(Integer::parseInt)
                .toArray();
        List<String> patterns = new ArrayList<>(Arrays.stream(args)
                .filter(argument -> !argument.matches("\\d+"))
                .toList());
        if (patterns.isEmpty()) {
            patterns.add("CallBenchmark");
        }
        patterns.add("CallBenchmark.threadPool$");
        for (int threads : callers.length == 0 ? new int[] {1, 8, 200} : callers) {
            Options options = new OptionsBuilder()
                    .threads(threads)
                    .verbosity(VerboseMode.SILENT)
                    .addProfiler(ProcessCpuProfiler.class)
                    .build();
            print(threads, Turns.run(ROUNDS, "threadPool", patterns, options));
        }
    }

    @SuppressWarnings("SystemOut") // its output is what it is for
    private static void print(int callers, Turns turns) {
        System.out.printf(
                "%n%d caller(s): us per call, ratio; us of processor per call, ratio (lowest and highest of %d rounds)%n",
                callers, ROUNDS);
        for (String name : turns.names()) {
            System.out.printf(
                    Locale.ROOT,
                    "%-16s %9.2f %-22s   %9.2f %s%n",
                    name,
                    turns.median(name, CallBenchmarkMain::time),
                    turns.ratio(name, CallBenchmarkMain::time),
                    turns.median(name, CallBenchmarkMain::processor),
                    turns.ratio(name, CallBenchmarkMain::processor));
        }
    }

    private static double time(RunResult result) {
        return Turns.time(result).getPercentile(50);
    }

    private static double processor(RunResult result) {
        return Turns.secondary(result, "cpu").getPercentile(50);
    }
}
