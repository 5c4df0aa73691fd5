package dev.aside.benchmarks.redis;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
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
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /** For each contender; less, and the compiler has a core for itself while those are measured that have more code. */
    private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(6);

    private static final int WARM_UPS = 12;

    private final int threads;
    private final int rounds;
    private final long sliceNanos;

    Rounds(int threads, int rounds, long sliceNanos) {
        this.threads = threads;
        this.rounds = rounds;
        this.sliceNanos = sliceNanos;
    }

    /**
     * What came out for one contender, medians over the rounds.
     *
     * @param perSecond operations a second, all threads together
     * @param cpuMicros processor time of this process for one operation, all its threads together
     * @param ratio time for one operation as a multiple of the baseline's
     * @param quarter a quarter of the rounds had a ratio of at most this
     * @param threeQuarters three quarters of the rounds had a ratio of at most this
     */
    record Result(double perSecond, double cpuMicros, double ratio, double quarter, double threeQuarters) {}

    private record Slice(double perSecond, double cpuMicros) {}

    /** One of those that are compared. */
    private record Lane(String name, Contender.Operation operation, List<Slice> slices) {}

    /** The results by name; all are compared with the first. */
    Map<String, Result> run(Map<String, Contender.Operation> operations) throws Exception {
        List<Lane> lanes = new ArrayList<>();
        operations.forEach((name, operation) -> lanes.add(new Lane(name, operation, new ArrayList<>())));
        List<Lane> order = new ArrayList<>(lanes);
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            for (int warmUp = 0; warmUp < WARM_UPS; warmUp++) {
                for (Lane lane : order) {
                    slice(workers, lane.operation(), WARM_UP_NANOS / WARM_UPS);
                }
            }
            for (int round = 0; round < rounds; round++) {
                for (Lane lane : order) {
                    lane.slices().add(slice(workers, lane.operation(), sliceNanos));
                }
                order.add(order.remove(0));
            }
        } finally {
            workers.shutdown();
        }
        Map<String, Result> results = new LinkedHashMap<>();
        lanes.forEach(lane ->
                results.put(lane.name(), result(lane.slices(), lanes.get(0).slices())));
        return results;
    }

    private Slice slice(ExecutorService workers, Contender.Operation operation, long nanos) throws Exception {
        long start = System.nanoTime();
        long cpuStart = PROCESS.getProcessCpuTime();
        List<Callable<Long>> loops = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int first = thread * 1009;
            loops.add(() -> loop(operation, first, start + nanos));
        }
        long operations = 0;
        for (Future<Long> done : workers.invokeAll(loops)) {
            operations += done.get();
        }
        double cpu = (double) (PROCESS.getProcessCpuTime() - cpuStart) / operations / 1_000;
        return new Slice(operations * (double) TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - start), cpu);
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

    private static Result result(List<Slice> own, List<Slice> base) {
        double[] ratios = new double[own.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = base.get(i).perSecond() / own.get(i).perSecond();
        }
        return new Result(
                quantile(own.stream().mapToDouble(Slice::perSecond).toArray(), 2),
                quantile(own.stream().mapToDouble(Slice::cpuMicros).toArray(), 2),
                quantile(ratios, 2),
                quantile(ratios, 1),
                quantile(ratios, 3));
    }

    private static double quantile(double[] values, int quarters) {
        Arrays.sort(values);
        return values[(values.length - 1) * quarters / 4];
    }
}
