package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.EnqueueOptions;
import dev.aside.offload.JobHandle;
import dev.aside.offload.JobStoreException;
import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.job.JobId;
import dev.aside.offload.job.JobState;
import dev.aside.offload.testing.ManualTime;
import dev.aside.testkit.FaultProxy;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Redis takes connections and refuses commands, for longer than one may take: it loads its data. */
@Timeout(60)
class LoadingIT {
    private static final JobType<String, String> MAIL = JobType.of("mail", String.class, String.class);
    private static final Duration COMMAND = Duration.ofSeconds(1);

    private final RedisServer redis = RedisServer.builder()
            .config("enable-debug-command yes")
            .config("rdbcompression no")
            .config("loading-process-events-interval-bytes 1024")
            .start();
    private final FaultProxy proxy = FaultProxy.to(redis.host(), redis.port());
    private final RedisJobStore store = store(proxy.through(redis.uri()));
    private final OffloadExecutor node = OffloadExecutor.builder()
            .store(store)
            .codec(JacksonPayloadCodec.create())
            .drain(Duration.ofSeconds(1))
            .build();
    private final AtomicInteger runs = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private CompletableFuture<?> loading = CompletableFuture.completedFuture(null);

    private static RedisJobStore store(String uri) {
        return RedisJobStore.builder().uri(uri).commandTimeout(COMMAND).build();
    }

    @AfterEach
    void close() {
        go.countDown();
        endLoading();
        node.close();
        store.close();
        proxy.close();
        redis.close();
    }

    /** What it has now is what it will load. */
    private void save() {
        redis.command("DEBUG", "POPULATE", "400", "filler", "2000");
        redis.command("SAVE");
    }

    /** It loads what it saved, and goes on with it until {@link #endLoading}. */
    private void load() {
        redis.command("CONFIG", "SET", "key-load-delay", "20000"); // 8 s in all
        loading = CompletableFuture.runAsync(() -> redis.command("DEBUG", "RELOAD", "NOSAVE"));
        await().until(() -> redis.command("INFO", "persistence").text().contains("\nloading:1"));
    }

    private void endLoading() {
        redis.command("CONFIG", "SET", "key-load-delay", "0");
        loading.join();
    }

    private static void passMoreThanACommandMayTake() {
        await().pollDelay(COMMAND.multipliedBy(2)).until(() -> true);
    }

    private JobHandle<String> running() throws InterruptedException {
        node.jobs().handle(MAIL, (mail, ctx) -> {
            begun.countDown();
            go.await();
            return "run " + runs.incrementAndGet();
        });
        JobHandle<String> job = node.jobs().enqueue(MAIL, "ann");
        begun.await();
        return job;
    }

    private void awaitSuccess(JobHandle<String> job) {
        await().atMost(Duration.ofSeconds(5))
                .ignoreExceptions()
                .until(() -> job.status().state() == JobState.SUCCEEDED);
        assertThat(job.result()).isEqualTo("run 1");
    }

    @Test
    void enqueue_isRefusedInItsTime() {
        save();
        load();
        assertThat(node.jobs().enqueueAsync(MAIL, "ann", EnqueueOptions.none()))
                .failsWithin(COMMAND.plusSeconds(2))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(JobStoreException.class);
        endLoading();
        assertThat(node.jobs().enqueue(MAIL, "ann").status().state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void jobThatEndsMeanwhile_isHeld_andItsResultArrives() throws Exception {
        JobHandle<String> job = running();
        save();
        load();
        go.countDown();
        await().until(() -> node.load().unfinished() == 0);
        passMoreThanACommandMayTake();
        endLoading();
        awaitSuccess(job);
    }

    @Test
    void endThatWasLost_isSaidAgainWhenAllIsLoaded() throws Exception {
        JobHandle<String> job = running();
        save();
        go.countDown();
        awaitSuccess(job);
        load();
        proxy.reset();
        passMoreThanACommandMayTake();
        endLoading();
        awaitSuccess(job);
        assertThat(runs).hasValue(1);
    }

    @Test
    void start_waitsForTheData() throws Exception {
        save();
        load();
        long before = proxy.connections();
        CompletableFuture<RedisJobStore> start = CompletableFuture.supplyAsync(() -> store(proxy.through(redis.uri())));
        await().until(() -> start.isDone() || proxy.connections() > before + 3);
        assertThat(start).isNotDone();
        endLoading();
        start.get(5, TimeUnit.SECONDS).close();
    }

    @Test
    void storeIsClosed_commandThatWouldBeTriedAgainEndsWithIt() {
        RedisJobStore closing = RedisJobStore.builder()
                .uri(redis.uri())
                .time(new ManualTime()) // the pause before the next try does not end
                .build();
        save();
        load();
        CompletableFuture<?> command =
                closing.find(JobId.next(Instant.EPOCH, 0)).toCompletableFuture();
        await().pollDelay(Duration.ofMillis(200)).until(() -> true);
        assertThat(command).isNotDone();
        closing.close();
        assertThat(command).failsWithin(Duration.ofSeconds(2)).withThrowableOfType(ExecutionException.class);
    }
}
