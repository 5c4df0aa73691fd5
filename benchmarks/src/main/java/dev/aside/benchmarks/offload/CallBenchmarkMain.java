package dev.aside.benchmarks.offload;

import dev.aside.benchmarks.jmh.Turns;
import java.util.Arrays;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs {@link CallBenchmark} with 1, 8 and 200 callers and prints ratios to a plain pool of the same run. Arguments:
 * numbers of callers, and regular expressions for the benchmarks to run; the pool always runs.
 */
public final class CallBenchmarkMain {
    private static final int ROUNDS = 5;

    private CallBenchmarkMain() {}

    /** Runs and prints. */
    public static void main(String[] args) throws RunnerException {
        int[] callers = Arrays.stream(args)
                .filter(argument -> argument.matches("\\d+"))
                .mapToInt(Integer::parseInt)
                .toArray();
        String[] patterns = Arrays.stream(args)
                .filter(argument -> !argument.matches("\\d+"))
                .toArray(String[]::new);
        for (int threads : callers.length == 0 ? new int[] {1, 8, 200} : callers) {
            ChainedOptionsBuilder options = new OptionsBuilder()
                    .include("CallBenchmark.threadPool$")
                    .threads(threads)
                    .verbosity(VerboseMode.SILENT)
                    .addProfiler(ProcessCpuProfiler.class);
            for (String pattern : patterns.length == 0 ? new String[] {"CallBenchmark"} : patterns) {
                options.include(pattern);
            }
            print(threads, Turns.run(ROUNDS, "threadPool", options));
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
