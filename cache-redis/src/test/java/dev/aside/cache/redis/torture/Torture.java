package dev.aside.cache.redis.torture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Clusters under random faults, side by side, until the time is up. Which faults come in which order follows from the
 * seed; how the threads of the nodes interleave does not.
 */
final class Torture {
    private static final int MOST_FAILURES = 5;

    private final long seed;
    private final Duration longestFault;
    private final Map<String, Integer> faults = new TreeMap<>();
    private final Map<Oracle, Integer> violations = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private int rounds;
    private long reads;
    private long invalidations;
    private long pending;
    private long maxAge;
    private long maxLatency;

    /** @param longestFault how long a fault may last */
    Torture(long seed, Duration longestFault) {
        this.seed = seed;
        this.longestFault = longestFault;
    }

    /** Runs so many clusters side by side for so long. */
    Torture run(int worlds, Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < worlds; i++) {
            long own = seed + i;
            threads.add(new Thread(() -> run(own, deadline), "torture-" + own));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        return this;
    }

    private void run(long own, long deadline) {
        Random random = new Random(own);
        List<String> done = new ArrayList<>();
        try (World world = new World(random.nextLong())) {
            world.warmUp();
            while (System.nanoTime() < deadline && mayGoOn()) {
                Fault fault = any(random);
                done.add(fault.toString());
                took(own, done, fault, world.round(fault));
            }
        } catch (RuntimeException | Error e) {
            failed("seed " + own + ", after " + last(done) + ": the harness failed: " + stack(e));
        }
    }

    private static String stack(Throwable e) {
        java.io.StringWriter text = new java.io.StringWriter();
        e.printStackTrace(new java.io.PrintWriter(text));
        return text.toString();
    }

    private Fault any(Random random) {
        int which = random.nextInt(20);
        if (which < 9) {
            return NetworkFaults.any(random, longestFault);
        }
        return which < 16 ? ServerFaults.any(random, longestFault) : NodeFaults.any(random, longestFault);
    }

    private synchronized boolean mayGoOn() {
        return failures.size() < MOST_FAILURES;
    }

    private synchronized void failed(String what) {
        failures.add(what);
    }

    private synchronized void took(long own, List<String> done, Fault fault, Checker.Findings found) {
        rounds++;
        faults.merge(fault.kind(), 1, Integer::sum);
        reads += found.reads();
        invalidations += found.invalidations();
        pending += found.pending();
        maxAge = Math.max(maxAge, found.maxAge());
        maxLatency = Math.max(maxLatency, found.maxLatency());
        if (!found.violations().isEmpty()) {
            found.violations().forEach(one -> violations.merge(one.oracle(), 1, Integer::sum));
            StringBuilder text =
                    new StringBuilder("seed " + own + ", round " + done.size() + ", faults " + last(done) + ":\n");
            found.violations().stream()
                    .limit(10)
                    .forEach(one -> text.append(one).append('\n'));
            failures.add(text.toString());
        }
    }

    private static List<String> last(List<String> done) {
        return done.subList(Math.max(0, done.size() - 3), done.size());
    }

    synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    /** What was done and seen. */
    synchronized String report() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "torture: seed %d, %d rounds, %,d reads, %,d invalidations (%,d of them pending at first)%n",
                seed,
                rounds,
                reads,
                invalidations,
                pending));
        text.append(String.format(
                Locale.ROOT,
                "torture: oldest read %d ms after the invalidation had returned (bound %d ms), longest read %d ms%n",
                TimeUnit.NANOSECONDS.toMillis(maxAge),
                TortureNode.BOUND.toMillis(),
                TimeUnit.NANOSECONDS.toMillis(maxLatency)));
        text.append("torture: faults ").append(faults).append('\n');
        text.append("torture: violations ")
                .append(violations.isEmpty() && failures.isEmpty() ? "0" : violations.toString())
                .append('\n');
        return text.toString();
    }
}
