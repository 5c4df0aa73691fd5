package dev.aside.benchmarks.jobs;

import dev.aside.offload.EnqueueOptions;
import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.redis.JacksonPayloadCodec;
import dev.aside.offload.redis.RedisJobStore;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** Named jobs of {@link OffloadExecutor} on {@link RedisJobStore}, one shard; 256 enqueues are under way at once. */
final class AsideQueue implements JobQueue {
    private static final JobType<String, String> BENCH = JobType.of("bench", String.class, String.class);
    private static final int UNDER_WAY = 256;

    private final String uri;
    private final String namespace;
    private final RedisJobStore store;
    private final OffloadExecutor producer;
    private RedisJobStore workerStore;
    private OffloadExecutor worker;

    AsideQueue(String uri, String namespace) {
        this.uri = uri;
        this.namespace = namespace;
        this.store = store();
        this.producer = node(store, 1);
        this.workerStore = store;
        this.worker = producer;
    }

    private RedisJobStore store() {
        return RedisJobStore.builder().uri(uri).namespace(namespace).build();
    }

    private static OffloadExecutor node(RedisJobStore store, int workers) {
        return OffloadExecutor.builder()
                .store(store)
                .codec(JacksonPayloadCodec.create())
                .workers(workers)
                .maxBacklog(10_000_000)
                .type("bench", type -> type.maxConcurrent(workers).maxBacklog(10_000_000))
                .build();
    }

    @Override
    public void accept(int jobs) throws Exception {
        Semaphore room = new Semaphore(UNDER_WAY);
        AtomicReference<Throwable> failed = new AtomicReference<>();
        for (int i = 0; i < jobs; i++) {
            room.acquire();
            producer.jobs()
                    .enqueueAsync(BENCH, Payloads.TEXT, EnqueueOptions.none())
                    .whenComplete((job, failure) -> {
                        failed.compareAndSet(null, failure);
                        room.release();
                    });
        }
        room.acquire(UNDER_WAY);
        if (failed.get() != null) {
            throw new IllegalStateException("a job was not accepted", failed.get());
        }
    }

    @Override
    public void work(int workers) {
        workerStore = store();
        worker = node(workerStore, workers);
        worker.jobs().handle(BENCH, (payload, ctx) -> {
            Starts.begun();
            return "";
        });
    }

    @Override
    public void close() {
        worker.close();
        workerStore.close();
        producer.close();
        store.close();
    }
}
