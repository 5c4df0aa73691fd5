package dev.aside.benchmarks.jmh;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.util.Statistics;

/**
 * JMH benchmarks in turns: each round is one fork of each of them, so that a slow minute of the machine falls on all, and
 * ratios are taken within a round. JMH itself runs all forks of one benchmark before the next.
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
     * @param rounds how often
     * @param baseline the name of the benchmark the others are compared with; it has to be among them
     * @param benchmarks which, and how long; the number of forks is set here
     */
    public static Turns run(int rounds, String baseline, ChainedOptionsBuilder benchmarks) throws RunnerException {
        Turns turns = new Turns(baseline);
        for (int round = 0; round < rounds; round++) {
            for (RunResult result : new Runner(benchmarks.forks(1).build()).run()) {
                turns.rounds
                        .computeIfAbsent(result.getPrimaryResult().getLabel(), name -> new ArrayList<>())
                        .add(result);
            }
        }
        Objects.requireNonNull(turns.rounds.get(baseline), () -> baseline + " was not run");
        return turns;
    }

    /** The names of the benchmarks, without their class. */
    public Set<String> names() {
        return rounds.keySet();
    }

    /** The figure in the middle of the rounds. */
    public double median(String name, ToDoubleFunction<RunResult> figure) {
        return middle(figures(name, figure));
    }

    /** The figure as a multiple of the baseline's: the round in the middle, the lowest and the highest one. */
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
