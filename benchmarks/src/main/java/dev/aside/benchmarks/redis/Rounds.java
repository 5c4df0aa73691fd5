package dev.aside.benchmarks.redis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A closed loop in rounds. In each round every contender has the machine for one slice of time, in an order that turns;
 * ratios are taken within a round and their median is the result, so that what else happens on the machine meets all.
 */
final class Rounds {
    private static final int WARM_UPS = 3;

    private final int threads;
    private final int rounds;
    private final long sliceNanos;

    Rounds(int threads, int rounds, long sliceNanos) {
        this.threads = threads;
        this.rounds = rounds;
        this.sliceNanos = sliceNanos;
    }

    /** What came out for one contender: operations a second, and time for one as a multiple of the baseline's. */
    record Result(double perSecond, double ratio, double lowest, double highest) {}

    /** One of those that are compared. */
    private record Lane(String name, Contender.Operation operation, List<Double> perSecond) {}

    /** The results by name; all are compared with the first. */
    Map<String, Result> run(Map<String, Contender.Operation> operations) throws Exception {
        List<Lane> lanes = new ArrayList<>();
        operations.forEach((name, operation) -> lanes.add(new Lane(name, operation, new ArrayList<>())));
        List<Lane> order = new ArrayList<>(lanes);
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            for (int warmUp = 0; warmUp < WARM_UPS; warmUp++) {
                for (Lane lane : order) {
                    slice(workers, lane.operation(), WARM_UPS * sliceNanos);
                }
            }
            for (int round = 0; round < rounds; round++) {
                for (Lane lane : order) {
                    lane.perSecond().add(slice(workers, lane.operation(), sliceNanos));
                }
                order.add(order.remove(0));
            }
        } finally {
            workers.shutdown();
        }
        Map<String, Result> results = new LinkedHashMap<>();
        lanes.forEach(lane ->
                results.put(lane.name(), result(lane.perSecond(), lanes.get(0).perSecond())));
        return results;
    }

    private double slice(ExecutorService workers, Contender.Operation operation, long nanos) throws Exception {
        long start = System.nanoTime();
        List<Callable<Long>> loops = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int first = thread * 1009;
            loops.add(() -> loop(operation, first, start + nanos));
        }
        long operations = 0;
        for (Future<Long> done : workers.invokeAll(loops)) {
            operations += done.get();
        }
        return operations * (double) TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - start);
    }

    private static long loop(Contender.Operation operation, int first, long end) throws Exception {
        long operations = 0;
        int number = first;
        while (System.nanoTime() - end < 0) {
            if (operation.run(number++).equals(operation)) { // the answer is used
                throw new IllegalStateException("an answer that cannot be");
            }
            operations++;
        }
        return operations;
    }

    private static Result result(List<Double> own, List<Double> base) {
        double[] ratios = new double[own.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = base.get(i) / own.get(i);
        }
        Arrays.sort(ratios);
        double[] speeds = own.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new Result(speeds[speeds.length / 2], ratios[ratios.length / 2], ratios[0], ratios[ratios.length - 1]);
    }
}
