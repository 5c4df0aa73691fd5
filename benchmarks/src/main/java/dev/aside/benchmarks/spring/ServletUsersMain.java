package dev.aside.benchmarks.spring;

import dev.aside.benchmarks.redis.Options;
import dev.aside.benchmarks.spring.ReportUsers.Habits;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * 500 users of a Spring MVC application on Tomcat with eight threads, nine fast calls for each report of a second: what
 * becomes of the fast calls, and of the threads, with and without {@code @Offload} on the report. The same load in turns;
 * a turn ends when everybody has what was asked for last. Fails if a thread of the server was ever seen in an offloaded
 * report.
 *
 * <p>Options: {@code --users=500 --seconds=20 --rounds=3 --warm-up=5 --think=1000 --reports=10 --report=1000 --workers=100};
 * {@code think} and {@code report} in ms, {@code reports} in percent of what users do.
 */
public final class ServletUsersMain {
    private final HttpClient client = ReportUsers.client();
    private final ReportServer server;
    private final int users;
    private final Habits habits;

    private ServletUsersMain(ReportServer server, int users, Habits habits) {
        this.server = server;
        this.users = users;
        this.habits = habits;
    }

    /** Runs and prints. */
    @SuppressWarnings("SystemOut") // its output is what it is for
    public static void main(String[] args) {
        Options options = Options.of(args);
        int users = options.number("users", 500);
        Habits habits = new Habits(Duration.ofMillis(options.number("think", 1_000)), options.number("reports", 10));
        Duration report = Duration.ofMillis(options.number("report", 1_000));
        int workers = options.number("workers", 100);
        System.out.printf(
                "%d users who pause for %d ms, %d %% reports of %d ms; %d Tomcat threads, %d workers%n",
                users, habits.think().toMillis(), habits.reports(), report.toMillis(), ReportServer.THREADS, workers);
        try (ReportServer server = ReportServer.start(report, workers)) {
            new ServletUsersMain(server, users, habits)
                    .run(
                            options.number("rounds", 3),
                            Duration.ofSeconds(options.number("seconds", 20)),
                            Duration.ofSeconds(options.number("warm-up", 5)));
        }
    }

    private void run(int rounds, Duration time, Duration warmUp) {
        Figures offloaded = new Figures("@Offload");
        Figures plain = new Figures("without");
        round("/reports/plain", warmUp, new Figures("warm-up"));
        round("/reports/offloaded", warmUp, new Figures("warm-up"));
        for (int i = 0; i < rounds; i++) {
            round("/reports/plain", time, plain);
            round("/reports/offloaded", time, offloaded);
        }
        Figures.head();
        plain.print();
        offloaded.print();
        if (offloaded.seen.inReport() > 0) {
            throw new IllegalStateException("threads of the server were held by offloaded reports");
        }
    }

    private void round(String path, Duration time, Figures into) {
        ReportUsers load = new ReportUsers(client, server.url(), path, habits);
        long begin = System.nanoTime();
        try (ServerThreads threads = ServerThreads.watch()) {
            load.round(users, time);
            into.add(load, threads.end(), System.nanoTime() - begin);
        }
    }

    /** All rounds of one kind. */
    private static final class Figures {
        private final String name;
        private final Histogram fast = new Histogram(3);
        private final Histogram reports = new Histogram(3);
        private final List<String> failures = new ArrayList<>();
        private ServerThreads.Seen seen = new ServerThreads.Seen(0, 0, 0, 0);
        private int jobs;
        private int polls;
        private long nanos;

        Figures(String name) {
            this.name = name;
        }

        void add(ReportUsers load, ServerThreads.Seen threads, long took) {
            fast.add(load.fast);
            reports.add(load.reports);
            failures.addAll(load.failures);
            jobs += load.jobs.get();
            polls += load.polls.get();
            seen = seen.plus(threads);
            nanos += took;
        }

        @SuppressWarnings("SystemOut") // its output is what it is for
        static void head() {
            System.out.printf(
                    "%-9s %24s %8s | %24s %6s %6s %6s | %6s | %s%n",
                    "",
                    "fast, ms: p50 / p99 / max",
                    "calls/s",
                    "reports, ms: p50 / p99",
                    "done",
                    "jobs",
                    "polls",
                    "errors",
                    "Tomcat threads in a report: mean, most; waiting in a request: mean; dumps");
        }

        @SuppressWarnings("SystemOut") // its output is what it is for
        void print() {
            System.out.printf(
                    Locale.ROOT,
                    "%-9s %24s %8.0f | %24s %6d %6d %6d | %6d | %.2f, %d; %.2f; %d%n",
                    name,
                    millis(fast, 50) + " / " + millis(fast, 99) + " / " + millis(fast, 100),
                    fast.getTotalCount() * 1e9 / nanos,
                    millis(reports, 50) + " / " + millis(reports, 99),
                    reports.getTotalCount(),
                    jobs,
                    polls,
                    failures.size(),
                    (double) seen.inReport() / seen.dumps(),
                    seen.mostInReport(),
                    (double) seen.waiting() / seen.dumps(),
                    seen.dumps());
            failures.stream().limit(5).forEach(failure -> System.out.println("  " + failure));
        }

        private static String millis(Histogram micros, double percentile) {
            return String.format(Locale.ROOT, "%.1f", micros.getValueAtPercentile(percentile) / 1e3);
        }
    }
}
