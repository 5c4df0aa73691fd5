package dev.aside.offload.redis;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The jobs this process holds, as they were when they became its own: a failover, or a restart without data, may lose
 * their records while the work goes on. For a minute after a reconnection a lost record is made anew; at any other time
 * somebody has deleted it, and the work stops. Bounded by the jobs a process runs. Thread-safe.
 */
final class Held {
    private static final long AFTERMATH_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final RedisJobOptions options;
    private final TimeSource time;
    private final ConcurrentMap<String, List<Object>> jobs = new ConcurrentHashMap<>();
    private volatile @Nullable Long connectedNanos;

    Held(RedisJobOptions options) {
        this.options = options;
        this.time = options.time();
    }

    /** What the script gets that takes a job over without a key. */
    List<Object> arguments(JobRecord record, @Nullable Payload payload, List<Object> key) {
        List<Object> args = new ArrayList<>(List.of(
                record.id(),
                record.type(),
                record.kind(),
                options.times().lease().toMillis()));
        args.addAll(key);
        args.add(payload == null ? "" : payload.bytes());
        args.add(options.limits().backlog());
        RecordFields.tracked(record, payload, args);
        return args;
    }

    /** This job is this process's own now. */
    void add(JobRecord record, @Nullable Payload payload) {
        jobs.put(record.id(), arguments(record, payload, List.of("", "", 0)));
    }

    void remove(String jobId) {
        jobs.remove(jobId);
    }

    void connected() {
        connectedNanos = time.nanoTime();
    }

    /** Makes the record of a job anew if it may have been lost; whether it has been. */
    CompletionStage<Boolean> restore(String jobId, Calls calls) {
        Long since = connectedNanos;
        List<Object> args = jobs.get(jobId);
        if (args == null || since == null || time.nanoTime() - since > AFTERMATH_NANOS) {
            return CompletableFuture.completedFuture(false);
        }
        return calls.list(JobScript.TRACK, options.layout().shard(jobId), args.toArray())
                .thenApply(answer -> Bytes.text(answer.get(0)).equals("ACCEPTED"));
    }
}
