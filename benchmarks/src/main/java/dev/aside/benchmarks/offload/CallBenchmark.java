package dev.aside.benchmarks.offload;

import dev.aside.offload.OffloadExecutor;
import io.github.resilience4j.bulkhead.ThreadPoolBulkhead;
import io.github.resilience4j.bulkhead.ThreadPoolBulkheadConfig;
import io.github.resilience4j.timelimiter.TimeLimiter;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jobrunr.jobs.JobId;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.scheduling.JobScheduler;
import org.jobrunr.storage.InMemoryStorageProvider;
import org.jobrunr.utils.mapper.gson.GsonJsonMapper;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One call of an instant task and a timed wait for it; every pool has as many threads. The wait is long, so that a busy
 * machine makes all of them slow rather than some of them fail. JobRunr only stores the job in memory: nobody runs it and
 * nobody waits, and its store is emptied before each iteration. With 200 callers on two cores the compiler's threads get
 * little of the processor: after two seconds of warm-up calls still became a third cheaper, in about six they are done.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 10, time = 1)
@Measurement(iterations = 5, time = 1)
public class CallBenchmark {
    private static final int WORKERS = 8;
    private static final int QUEUE = 1_000;
    private static final Duration WAIT = Duration.ofSeconds(30);

    private final OffloadExecutor offload = OffloadExecutor.builder()
            .workers(WORKERS)
            .threshold(WAIT)
            .platformThreads()
            .type("instant", type -> type.maxConcurrent(WORKERS).maxBacklog(QUEUE))
            .build();
    private final ThreadPoolExecutor pool =
            new ThreadPoolExecutor(WORKERS, WORKERS, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(QUEUE));
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final TimeLimiter limiter = TimeLimiter.of(WAIT);
    private final ThreadPoolBulkhead bulkhead = ThreadPoolBulkhead.of(
            "instant",
            ThreadPoolBulkheadConfig.custom()
                    .coreThreadPoolSize(WORKERS)
                    .maxThreadPoolSize(WORKERS)
                    .queueCapacity(QUEUE)
                    .build());
    private JobScheduler jobRunr = scheduler();

    private static JobScheduler scheduler() {
        InMemoryStorageProvider store = new InMemoryStorageProvider();
        store.setJobMapper(new JobMapper(new GsonJsonMapper()));
        return new JobScheduler(store);
    }

    /** What JobRunr stores. */
    public static void instant() {}

    @Setup(Level.Iteration)
    public void emptyJobRunr() {
        jobRunr = scheduler();
    }

    @Setup
    public void start() {
        pool.prestartAllCoreThreads();
    }

    @TearDown
    public void stop() throws Exception {
        offload.close();
        pool.shutdownNow();
        timer.shutdownNow();
        bulkhead.close();
    }

    @Benchmark
    public Integer aside() {
        return offload.call("instant", context -> 42).<Integer>fold(value -> value, job -> -1);
    }

    @Benchmark
    public Integer threadPool() throws Exception {
        return pool.submit(() -> 42).get(WAIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Benchmark
    public Integer resilience4j() throws Exception {
        return limiter.executeCompletionStage(timer, () -> bulkhead.executeSupplier(() -> 42))
                .toCompletableFuture()
                .get();
    }

    @Benchmark
    public Integer supplyAsync() throws Exception {
        return CompletableFuture.supplyAsync(() -> 42).get(WAIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Benchmark
    public JobId jobRunrEnqueue() {
        return jobRunr.enqueue(() -> instant());
    }
}
