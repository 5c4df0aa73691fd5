package dev.aside.benchmarks.jobs;

import dev.aside.benchmarks.redis.Options;
import dev.aside.testkit.PostgresServer;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * Queues of jobs side by side on one machine, in rounds in which each has it for itself: jobs accepted and drained a
 * second, from enqueue to start when idle, and the processor time of Redis for a job. Ratios are taken within a round;
 * medians are printed.
 *
 * <p>Options: {@code --rounds=3 --jobs=50000 --peer-jobs=5000 --workers=16 --idle=200 --idle-seconds=30
 * --poll-ms=1000 --jobrunr-poll-ms=5000 --fsync=1 --contenders=raw,aside,db-scheduler,db-scheduler-lock,db-scheduler-batch,jobrunr,jobrunr-batch}.
 * Redis keeps nothing on disk, as it comes; PostgreSQL writes what it has committed, as it comes, unless {@code --fsync=0}.
 * The queues on PostgreSQL poll, so their idle start is half the interval that they are given.
 */
public final class QueueMain {
    private static final String ALL =
            "raw,aside,db-scheduler,db-scheduler-lock,db-scheduler-batch,jobrunr,jobrunr-batch";
    private static final int PATIENCE_SECONDS = 600;

    private final Options options;
    private final RedisServer redis;
    private final PostgresServer postgres;
    private final int workers;
    private int runs;

    private QueueMain(Options options, RedisServer redis, PostgresServer postgres) {
        this.options = options;
        this.redis = redis;
        this.postgres = postgres;
        this.workers = options.number("workers", 16);
    }

    /** Runs and prints. */
    @SuppressWarnings("SystemOut") // its output is what it is for
    public static void main(String[] args) throws Exception {
        Options options = Options.of(args);
        List<String> names = options.list("contenders", ALL);
        Map<String, List<QueueFigures>> all = new HashMap<>();
        try (RedisServer redis = RedisServer.start();
                PostgresServer postgres = postgres(options.number("fsync", 1) == 1)) {
            QueueMain main = new QueueMain(options, redis, postgres);
            int rounds = options.number("rounds", 3);
            for (int round = 0; round <= rounds; round++) {
                for (int i = 0; i < names.size(); i++) {
                    String name = names.get((i + round) % names.size());
                    QueueFigures figures = main.measured(name, round == 0);
                    if (round > 0) { // the first one warms up
                        all.computeIfAbsent(name, n -> new ArrayList<>()).add(figures);
                        System.out.printf(
                                Locale.ROOT,
                                "round %d %-18s %9.0f accepted/s %9.0f drained/s%n",
                                round,
                                name,
                                figures.accepted(),
                                figures.drained());
                    }
                }
            }
        }
        print(names, all);
        System.exit(0); // JobRunr leaves threads behind
    }

    /** A server as users have it, or one that forgets what it has acknowledged when the machine fails. */
    private static PostgresServer postgres(boolean fsync) {
        PostgresServer.Builder builder = PostgresServer.builder();
        if (fsync) {
            List.of("fsync", "synchronous_commit", "full_page_writes").forEach(name -> builder.setting(name, "on"));
        }
        return builder.start();
    }

    private JobQueue queue(String name) throws Exception {
        String run = "run" + runs++;
        Duration poll = Duration.ofMillis(options.number("poll-ms", 1_000));
        Duration jobRunrPoll = Duration.ofMillis(options.number("jobrunr-poll-ms", 5_000));
        return switch (name) {
            case "raw" -> new RawRedisQueue(redis.uri());
            case "aside" -> new AsideQueue(redis.uri(), run);
            case "db-scheduler" -> new DbSchedulerQueue(postgres.createDatabase(run), workers, poll, false, false);
            case "db-scheduler-lock" -> new DbSchedulerQueue(postgres.createDatabase(run), workers, poll, false, true);
            case "db-scheduler-batch" -> new DbSchedulerQueue(postgres.createDatabase(run), workers, poll, true, true);
            case "jobrunr" -> new JobRunrQueue(postgres.createDatabase(run), workers, jobRunrPoll, false);
            case "jobrunr-batch" -> new JobRunrQueue(postgres.createDatabase(run), workers, jobRunrPoll, true);
            default -> throw new IllegalArgumentException("'" + name + "' is none of " + ALL);
        };
    }

    private static boolean onRedis(String name) {
        return name.equals("raw") || name.equals("aside");
    }

    private QueueFigures measured(String name, boolean warmUp) throws Exception {
        int most = onRedis(name) ? options.number("jobs", 50_000) : options.number("peer-jobs", 5_000);
        int jobs = warmUp ? Math.max(1, most / 5) : most;
        redis.flush();
        try (JobQueue queue = queue(name)) {
            Starts.expect(jobs);
            double cpu = RedisCpu.seconds(redis);
            long start = System.nanoTime();
            queue.accept(jobs);
            double accepted = jobs * 1e9 / (System.nanoTime() - start);
            double acceptCpu = (RedisCpu.seconds(redis) - cpu) * 1e6 / jobs;
            cpu = RedisCpu.seconds(redis);
            start = System.nanoTime();
            queue.work(workers);
            double drained = jobs * 1e9 / (Starts.await(PATIENCE_SECONDS) - start);
            double drainCpu = (RedisCpu.seconds(redis) - cpu) * 1e6 / jobs;
            return new QueueFigures(
                    accepted,
                    drained,
                    onRedis(name) ? acceptCpu : 0,
                    onRedis(name) ? drainCpu : 0,
                    idle(queue, warmUp));
        }
    }

    /** One job after the other, each enqueued a moment after the last one has begun. */
    private Histogram idle(JobQueue queue, boolean warmUp) throws Exception {
        Histogram micros = new Histogram(3);
        int most = warmUp ? 3 : options.number("idle", 200);
        long end = System.nanoTime() + options.number("idle-seconds", 30) * 1_000_000_000L;
        for (int i = 0; i < most && (i == 0 || System.nanoTime() < end); i++) {
            Thread.sleep(20 + i % 7);
            Starts.expect(1);
            long start = System.nanoTime();
            queue.accept(1);
            micros.recordValue(Math.max(0, (Starts.await(PATIENCE_SECONDS) - start) / 1_000));
        }
        return micros;
    }

    @SuppressWarnings("SystemOut") // its output is what it is for
    private static void print(List<String> names, Map<String, List<QueueFigures>> all) {
        List<QueueFigures> base = all.getOrDefault("raw", all.getOrDefault(names.get(0), List.of()));
        System.out.printf(
                "%n%-18s %12s %7s %12s %7s %12s %12s %14s %14s%n",
                "median of rounds",
                "accepted/s",
                "ratio",
                "drained/s",
                "ratio",
                "idle p50 ms",
                "idle p99 ms",
                "Redis us in",
                "Redis us out");
        for (String name : names) {
            List<QueueFigures> mine = all.getOrDefault(name, List.of());
            Histogram idle = new Histogram(3);
            mine.forEach(figures -> idle.add(figures.idle()));
            System.out.printf(
                    Locale.ROOT,
                    "%-18s %12.0f %7.3f %12.0f %7.3f %12.2f %12.2f %14.1f %14.1f%n",
                    name,
                    median(mine, QueueFigures::accepted),
                    ratio(mine, base, QueueFigures::accepted),
                    median(mine, QueueFigures::drained),
                    ratio(mine, base, QueueFigures::drained),
                    idle.getValueAtPercentile(50) / 1e3,
                    idle.getValueAtPercentile(99) / 1e3,
                    median(mine, QueueFigures::acceptCpu),
                    median(mine, QueueFigures::drainCpu));
        }
    }

    private static double median(List<QueueFigures> figures, ToDoubleFunction<QueueFigures> of) {
        return middle(figures.stream().mapToDouble(of).toArray());
    }

    private static double ratio(List<QueueFigures> mine, List<QueueFigures> base, ToDoubleFunction<QueueFigures> of) {
        double[] ratios = new double[mine.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = of.applyAsDouble(mine.get(i)) / of.applyAsDouble(base.get(i));
        }
        return middle(ratios);
    }

    private static double middle(double[] values) {
        Arrays.sort(values);
        return values.length == 0 ? Double.NaN : (values[(values.length - 1) / 2] + values[values.length / 2]) / 2;
    }
}
