package dev.aside.benchmarks.jmh;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * JMH benchmarks in turns: each round is one fork of each of them, in the other order than the round before, and ratios are
 * taken within a round. So a machine that grows slower or faster for some minutes changes them less than if all forks of
 * one benchmark ran before the next, as JMH has it.
 */
public final class Turns {
    private final String baseline;
    private final TreeMap<String, List<RunResult>> rounds = new TreeMap<>();

    private Turns(String baseline) {
        this.baseline = baseline;
    }

    /**
     * Runs them.
     *
     * @param rounds how often; an even number, so that both orders count the same
     * @param baseline the name of the benchmark the others are compared with
     * @param patterns regular expressions for what to run; the baseline has to be among it, and no name twice
     * @param options how long, and with what
     * @throws RunnerException if a fork fails
     */
    public static Turns run(int rounds, String baseline, List<String> patterns, Options options)
            throws RunnerException {
        List<BenchmarkListEntry> order = new ArrayList<>(BenchmarkList.defaultList()
                .find(OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), patterns, List.of()));
        if (order.stream().noneMatch(benchmark -> benchmark.getUsername().endsWith("." + baseline))) {
            throw new IllegalArgumentException(patterns + " leaves out " + baseline);
        }
        Turns turns = new Turns(baseline);
        for (int round = 0; round < rounds; round++) {
            for (BenchmarkListEntry benchmark : order) {
                RunResult result = new Runner(new OptionsBuilder()
                                .parent(options)
                                .include("^" + Pattern.quote(benchmark.getUsername()) + "$")
                                .forks(1)
                                .shouldFailOnError(true)
                                .build())
                        .runSingle();
                turns.add(round, result);
            }
            Collections.reverse(order);
        }
        return turns;
    }

    private void add(int round, RunResult result) {
        String name = result.getPrimaryResult().getLabel();
        List<RunResult> known = rounds.computeIfAbsent(name, first -> new ArrayList<>());
        if (known.size() != round) {
            throw new IllegalArgumentException("two benchmarks are called " + name);
        }
        known.add(result);
    }

    /** The names of the benchmarks, without their class. */
    public Set<String> names() {
        return rounds.keySet();
    }

    /** The figure in the middle of the rounds. */
    public double median(String name, ToDoubleFunction<RunResult> figure) {
        return middle(figures(name, figure));
    }

    /**
     * The figure as a multiple of the baseline's in the same round: the middle of the rounds, the lowest and the highest. It
     * need not be the quotient of what {@link #median} says.
     */
    public String ratio(String name, ToDoubleFunction<RunResult> figure) {
        double[] own = figures(name, figure);
        double[] base = figures(baseline, figure);
        for (int round = 0; round < own.length; round++) {
            own[round] /= base[round];
        }
        double middle = middle(own);
        return String.format(Locale.ROOT, "%.2fx (%.2f-%.2f)", middle, own[0], own[own.length - 1]);
    }

    private double[] figures(String name, ToDoubleFunction<RunResult> figure) {
        return Objects.requireNonNull(rounds.get(name), name).stream()
                .mapToDouble(figure)
                .toArray();
    }

    /** Sorts them. */
    private static double middle(double[] figures) {
        Arrays.sort(figures);
        return (figures[figures.length / 2] + figures[(figures.length - 1) / 2]) / 2;
    }

    /** What JMH measured, by iteration. */
    public static Statistics time(RunResult result) {
        return result.getPrimaryResult().getStatistics();
    }

    /** What a profiler measured, by iteration. */
    public static Statistics secondary(RunResult result, String label) {
        return Objects.requireNonNull(result.getSecondaryResults().get(label), label)
                .getStatistics();
    }
}
