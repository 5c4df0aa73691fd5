package dev.aside.offload.redis.crash;

import dev.aside.offload.JobContext;
import dev.aside.offload.JobHandle;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.redis.JacksonPayloadCodec;
import dev.aside.offload.redis.RedisJobStore;
import dev.aside.offload.redis.RedisJobStoreBuilder;
import dev.aside.offload.spi.JobStore;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Does {@link Work} and takes down all of it; alone in a process, or beside others in that of a test. Thread-safe. */
final class Node implements AutoCloseable {
    private final Recorder recorder;
    private final Holds holds;
    private final RedisJobStore redis;
    private final OffloadExecutor executor;
    private volatile CountDownLatch go = new CountDownLatch(1);

    /** @param wrapping what is put around the store of Redis */
    Node(NodeOptions options, Recorder recorder, UnaryOperator<JobStore> wrapping) {
        this.recorder = recorder;
        this.holds = new Holds(recorder);
        this.redis = store(options).build();
        this.executor = OffloadExecutor.builder()
                .store(new RecordingStore(wrapping.apply(redis), recorder, holds))
                .codec(JacksonPayloadCodec.create())
                .workers(options.workers())
                .platformThreads()
                .drain(options.drain())
                .type(
                        Work.TYPE.name(),
                        type -> type.maxConcurrent(options.workers())
                                .maxBacklog(1_000_000)
                                .cancellation(Duration.ZERO, Duration.ofSeconds(30)))
                .build();
    }

    Node(NodeOptions options, Recorder recorder) {
        this(options, recorder, store -> store);
    }

    static RedisJobStoreBuilder store(NodeOptions options) {
        return RedisJobStore.builder()
                .uri(options.uri())
                .namespace(options.namespace())
                .shards(options.shards())
                .lease(options.lease())
                .maxCrashes(options.crashes())
                .commandTimeout(options.command());
    }

    /** Begins to take jobs. */
    Node start() {
        executor.jobs().handle(Work.TYPE, this::work);
        return this;
    }

    private String work(Work work, JobContext context) throws Exception {
        String id = context.jobId();
        long epoch = context.fencingToken();
        recorder.event("start", id, epoch, context.attempt());
        holds.passInWork(Step.RUNNING, id, epoch);
        switch (work.mode()) {
            case TAKE_TIME -> pause(work.millis());
            case HOLD -> go.await();
            case FAIL -> throw new IllegalStateException("asked to fail");
            case HALT -> Runtime.getRuntime().halt(1);
        }
        recorder.event("effect", id, epoch, work.mode());
        holds.passInWork(Step.EFFECT, id, epoch);
        return Work.result(id, epoch);
    }

    private static void pause(int millis) throws InterruptedException {
        new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    }

    /** Stores a job and takes down that it was accepted. */
    JobHandle<String> enqueue(Work work) {
        JobHandle<String> job = executor.jobs().enqueue(Work.TYPE, work);
        recorder.event("acked", job.id(), 0, work.mode());
        return job;
    }

    void arm(Step step) {
        holds.arm(step);
    }

    /** Lets the jobs go that hold. */
    void go() {
        go.countDown();
    }

    /** Lets the next jobs hold again. */
    void holdAgain() {
        go = new CountDownLatch(1);
    }

    OffloadExecutor executor() {
        return executor;
    }

    JobStore store() {
        return redis;
    }

    @Override
    public void close() {
        executor.close();
        redis.close();
    }
}
