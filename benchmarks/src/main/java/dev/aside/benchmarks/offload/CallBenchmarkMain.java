package dev.aside.benchmarks.offload;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * Runs {@link CallBenchmark} with 1, 8 and 200 callers and prints ratios to a plain pool of the same run. Arguments:
 * numbers of callers, and regular expressions for the benchmarks to run; the pool always runs.
 */
public final class CallBenchmarkMain {
    private CallBenchmarkMain() {}

    /** Runs and prints. */
    @SuppressWarnings("SystemOut") // its output is what it is for
    public static void main(String[] args) throws RunnerException {
        int[] callers = Arrays.stream(args)
                .filter(argument -> argument.matches("\\d+"))
                .mapToInt(Integer::parseInt)
                .toArray();
        String[] patterns = Arrays.stream(args)
                .filter(argument -> !argument.matches("\\d+"))
                .toArray(String[]::new);
        for (int threads : callers.length == 0 ? new int[] {1, 8, 200} : callers) {
            OptionsBuilder options = new OptionsBuilder();
            options.include("CallBenchmark.threadPool$").threads(threads).verbosity(VerboseMode.SILENT);
            options.addProfiler(ProcessCpuProfiler.class);
            for (String pattern : patterns.length == 0 ? new String[] {"CallBenchmark"} : patterns) {
                options.include(pattern);
            }
            print(threads, new Runner(options.build()).run());
        }
    }

    @SuppressWarnings("SystemOut") // its output is what it is for
    private static void print(int callers, Collection<RunResult> results) {
        TreeMap<String, RunResult> byName = new TreeMap<>();
        results.forEach(result -> byName.put(result.getPrimaryResult().getLabel(), result));
        RunResult pool = Objects.requireNonNull(byName.get("threadPool"), "the pool was not run");
        System.out.printf(
                "%n%d caller(s): us per call, ratio; us of processor per call, ratio (medians; minima)%n", callers);
        byName.forEach((name, result) -> System.out.printf(
                Locale.ROOT,
                "%-16s %9.2f %6.2fx   %9.2f %6.2fx   (%6.2fx %6.2fx)%n",
                name,
                wall(result).getPercentile(50),
                wall(result).getPercentile(50) / wall(pool).getPercentile(50),
                cpu(result).getPercentile(50),
                cpu(result).getPercentile(50) / cpu(pool).getPercentile(50),
                wall(result).getMin() / wall(pool).getMin(),
                cpu(result).getMin() / cpu(pool).getMin()));
    }

    private static Statistics wall(RunResult result) {
        return result.getPrimaryResult().getStatistics();
    }

    private static Statistics cpu(RunResult result) {
        return Objects.requireNonNull(result.getSecondaryResults().get("cpu"), "cpu")
                .getStatistics();
    }
}
