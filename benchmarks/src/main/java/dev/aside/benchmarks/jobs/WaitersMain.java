package dev.aside.benchmarks.jobs;

import com.sun.management.OperatingSystemMXBean;
import dev.aside.benchmarks.redis.Options;
import dev.aside.offload.JobHandle;
import dev.aside.offload.JobSnapshot;
import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.redis.JacksonPayloadCodec;
import dev.aside.offload.redis.RedisJobAdmin;
import dev.aside.offload.redis.RedisJobStore;
import dev.aside.testkit.RedisServer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * What it costs that many callers long-poll one node for jobs that another node will do: threads, subscriptions,
 * processor time of the process and of Redis while nothing happens, and how late they hear when all jobs end. Each job
 * is held up by a pause of its type, which is taken back at the end.
 *
 * <p>Options: {@code --waiters=1000 --seconds=20 --workers=16}.
 */
public final class WaitersMain {
    private static final JobType<String, String> BENCH = JobType.of("bench", String.class, String.class);

    private final RedisServer redis;
    private final OffloadExecutor polled;
    private final OffloadExecutor worker;
    private final RedisJobAdmin admin;

    private WaitersMain(RedisServer redis, OffloadExecutor polled, OffloadExecutor worker, RedisJobAdmin admin) {
        this.redis = redis;
        this.polled = polled;
        this.worker = worker;
        this.admin = admin;
    }

    /** Runs and prints. */
    public static void main(String[] args) throws Exception {
        Options options = Options.of(args);
        try (RedisServer redis = RedisServer.start();
                RedisJobStore near = RedisJobStore.connect(redis.uri());
                RedisJobStore far = RedisJobStore.connect(redis.uri());
                OffloadExecutor polled = node(near, 1);
                OffloadExecutor worker = node(far, options.number("workers", 16))) {
            new WaitersMain(redis, polled, worker, near.admin())
                    .run(options.number("waiters", 1_000), options.number("seconds", 20));
        }
    }

    private static OffloadExecutor node(RedisJobStore store, int workers) {
        return OffloadExecutor.builder()
                .store(store)
                .codec(JacksonPayloadCodec.create())
                .workers(workers)
                .defaults(type -> type.maxBacklog(1_000_000))
                .build();
    }

    private void run(int waiters, int seconds) throws Exception {
        admin.pause(BENCH.name());
        worker.jobs().handle(BENCH, (payload, ctx) -> Long.toString(System.nanoTime()));
        List<JobHandle<String>> jobs = new ArrayList<>();
        for (int i = 0; i < waiters; i++) {
            jobs.add(polled.jobs().enqueue(BENCH, Payloads.TEXT));
        }
        state("before", seconds);
        AtomicInteger early = new AtomicInteger();
        List<CompletableFuture<Long>> woken = new ArrayList<>();
        Duration patience = Duration.ofSeconds(seconds + 120L);
        for (JobHandle<String> job : jobs) {
            woken.add(ended(job.id(), job.status().record().version(), patience, early));
        }
        state("with " + waiters + " waiters", seconds);
        System.gc();
        admin.resume(BENCH.name());
        CompletableFuture.allOf(woken.toArray(CompletableFuture[]::new)).get(120, TimeUnit.SECONDS);
        late(woken);
    }

    /** Polls until the job is over; how long after its end that was known here, in us. */
    private CompletableFuture<Long> ended(String id, long version, Duration patience, AtomicInteger polls) {
        return polled.awaitChange(id, version, patience)
                .thenCompose(changed -> {
                    long now = System.nanoTime();
                    polls.incrementAndGet();
                    JobSnapshot job = changed.orElseThrow();
                    if (!job.isFinished()) {
                        return ended(id, job.record().version(), patience, polls);
                    }
                    return polled.findAsync(id).thenApply(Optional::orElseThrow).thenApply(end -> {
                        String ranAt = end.result(String.class);
                        return ranAt == null ? 0 : (now - Long.parseLong(ranAt)) / 1_000;
                    });
                })
                .toCompletableFuture();
    }

    @SuppressWarnings("SystemOut") // its output is what it is for
    private void state(String when, int seconds) throws InterruptedException {
        OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long own = process.getProcessCpuTime();
        double server = RedisCpu.seconds(redis);
        long start = System.nanoTime();
        Thread.sleep(1_000L * seconds);
        double nanos = System.nanoTime() - start;
        String clients = String.valueOf(redis.command("CLIENT", "LIST"));
        System.out.printf(
                Locale.ROOT,
                "%-20s %4d threads, %d connections, %d of them subscribed (%s); %.3f %% of a core here, %.3f %% in Redis%n",
                when,
                ManagementFactory.getThreadMXBean().getThreadCount(),
                clients.lines().filter(line -> line.contains("addr=")).count(),
                clients.lines().filter(line -> line.matches(".* sub=[1-9].*")).count(),
                redis.command("PUBSUB", "NUMSUB", "off:{aside#00}:ev"),
                100 * (process.getProcessCpuTime() - own) / nanos,
                100 * (RedisCpu.seconds(redis) - server) * 1e9 / nanos);
    }

    @SuppressWarnings("SystemOut") // its output is what it is for
    private static void late(List<CompletableFuture<Long>> woken) {
        Histogram micros = new ConcurrentHistogram(3);
        woken.forEach(one -> micros.recordValue(Math.max(0, one.join())));
        System.out.printf(
                Locale.ROOT,
                "all jobs ended: %d waiters heard of it %.2f ms (p50), %.2f ms (p99), %.2f ms (last) after the work%n",
                micros.getTotalCount(),
                micros.getValueAtPercentile(50) / 1e3,
                micros.getValueAtPercentile(99) / 1e3,
                micros.getMaxValue() / 1e3);
    }
}
