package dev.aside.benchmarks.offload;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * 200 callers of a 300 ms task with 20 permits behind an HTTP server of 8 threads: how long the callers wait for their
 * first answer, as they see it and from the moment the server has the request, and what becomes of fast requests
 * meanwhile; offloaded, and holding server threads. The callers come all at once, and spread over 500 ms.
 */
public final class SlowServerMain {
    private static final int CALLERS = 200;
    private static final int ROUNDS = 5;
    /** Connections are open and code is compiled then. */
    private static final int WARM_UP = 5;

    private static final Duration AT_ONCE = Duration.ZERO;
    private static final Duration SPREAD = Duration.ofMillis(500);

    private SlowServerMain() {}

    /** Runs and prints; the argument is the number of rounds. */
    @SuppressWarnings("SystemOut") // its output is what it is for
    public static void main(String[] args) throws IOException {
        SlowServer.tuneJdkServer();
        int rounds = args.length == 0 ? ROUNDS : Integer.parseInt(args[0]);
        System.out.printf(
                "%d callers, task of %d ms, %d permits, %d server threads, threshold %d ms; ms to the first answer%n",
                CALLERS,
                SlowServer.TASK.toMillis(),
                SlowServer.PERMITS,
                SlowServer.THREADS,
                SlowServer.THRESHOLD.toMillis());
        System.out.printf(
                "%-18s %9s %7s %6s %26s %26s %26s%n",
                "", "succeeded", "inline", "jobs", "slow: p50 / p99 / max", "in the server", "fast");
        double offloaded;
        try (SlowServer server = SlowServer.offloading()) {
            warmUp(server);
            run("offloaded, spread", server, SPREAD, rounds);
            offloaded = run("offloaded", server, AT_ONCE, rounds);
        }
        double held;
        try (SlowServer server = SlowServer.holdingThreads()) {
            held = run("holding threads", server, AT_ONCE, Math.max(1, rounds / 3));
        }
        System.out.printf(Locale.ROOT, "p99 of fast requests: offloaded / holding threads = %.5f%n", offloaded / held);
    }

    private static void warmUp(SlowServer server) {
        try (SlowCallers callers = new SlowCallers(server.url())) {
            for (int i = 0; i < WARM_UP; i++) {
                callers.round(CALLERS, AT_ONCE);
            }
        }
    }

    @SuppressWarnings("SystemOut") // its output is what it is for
    private static double run(String name, SlowServer server, Duration spread, int rounds) {
        try (SlowCallers callers = new SlowCallers(server.url())) {
            callers.round(CALLERS, spread); // its own connections
            callers.reset();
            server.waited.reset();
            int before = callers.failures.size();
            for (int i = 0; i < rounds; i++) {
                callers.round(CALLERS, spread);
            }
            int failed = callers.failures.size() - before;
            System.out.printf(
                    "%-18s %4d/%4d %7d %6d %26s %26s %26s%n",
                    name,
                    rounds * CALLERS - failed,
                    rounds * CALLERS,
                    callers.inline.get(),
                    callers.jobs.get(),
                    millis(callers.slow),
                    millis(server.waited),
                    millis(callers.fast));
            callers.failures.stream().limit(5).forEach(failure -> System.out.println("  " + failure));
            return callers.fast.getValueAtPercentile(99);
        }
    }

    private static String millis(Histogram micros) {
        return String.format(
                Locale.ROOT,
                "%.1f / %.1f / %.1f",
                micros.getValueAtPercentile(50) / 1e3,
                micros.getValueAtPercentile(99) / 1e3,
                micros.getMaxValue() / 1e3);
    }
}
