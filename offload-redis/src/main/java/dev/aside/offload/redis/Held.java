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
    private final ConcurrentMap<String, Job> jobs = new ConcurrentHashMap<>();
    private volatile @Nullable Long connectedNanos;

    Held(RedisJobOptions options) {
        this.options = options;
        this.time = options.time();
    }

    private record Job(long epoch, List<Object> args) {}

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
        jobs.put(record.id(), new Job(record.epoch(), arguments(record, payload, List.of("", "", 0))));
    }

    /** It is over, or not this process' any more. */
    void ended(String jobId, long epoch) {
        jobs.computeIfPresent(jobId, (id, job) -> job.epoch == epoch ? null : job);
    }

    void connected() {
        connectedNanos = time.nanoTime();
    }

    /**
     * Whether Redis was away until a moment ago: owners that live get the time of a beat to say so before anybody takes
     * their jobs (ReturnIT.redisAwayLongerThanALease_runningJobsAreNotTaken).
     */
    boolean isJustBack() {
        Long since = connectedNanos;
        return since != null
                && time.nanoTime() - since < options.times().lease().toNanos() / 3;
    }

    /** Makes the record of a job anew if it may have been lost; whether it has been. */
    CompletionStage<Boolean> restore(String jobId, Calls calls) {
        Long since = connectedNanos;
        Job job = jobs.get(jobId);
        if (job == null || since == null || time.nanoTime() - since > AFTERMATH_NANOS) {
            return CompletableFuture.completedFuture(false);
        }
        return calls.list(JobScript.TRACK, options.layout().shard(jobId), job.args.toArray())
                .thenApply(answer -> Bytes.text(answer.get(0)).equals("ACCEPTED"));
    }
}
