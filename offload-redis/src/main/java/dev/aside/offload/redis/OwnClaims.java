package dev.aside.offload.redis;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.spi.Holding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The named jobs that this process has claimed and not ended, and when Redis was last told that it is alive. After a
 * pause that is longer than two signs of life, the jobs are named to Redis before more are claimed.
 *
 * <p>Guards against race: a process that stood still for longer than its lease is first given its own job anew, and runs
 * it twice at once (OwnJobsIT.claim_afterAPause_givesAProcessItsOwnJobBack_notAnew). Thread-safe.
 */
final class OwnClaims {
    private final Layout layout;
    private final Map<String, Long> epochs = new ConcurrentHashMap<>();
    private final long silenceNanos;
    private final AtomicLongArray saidNanos;

    OwnClaims(RedisJobOptions options) {
        this.layout = options.layout();
        this.silenceNanos = options.times().lease().toNanos() / 3 * 2;
        this.saidNanos = new AtomicLongArray(layout.shards());
    }

    void add(JobRecord record, long nowNanos) {
        int shard = layout.shard(record.id());
        if (epochs.keySet().stream().noneMatch(id -> layout.shard(id) == shard)) {
            saidNanos.set(shard, nowNanos); // there was nothing to say until now
        }
        epochs.put(record.id(), record.epoch());
    }

    /** It is over, or not this process' any more. */
    void ended(String jobId, long epoch) {
        epochs.remove(jobId, epoch);
    }

    /** A shard has heard of the jobs in it. */
    void said(int shard, long nowNanos) {
        saidNanos.set(shard, nowNanos);
    }

    /** What has to be named before more is claimed; mostly nothing. */
    List<Holding> overdue(long nowNanos) {
        List<Holding> overdue = new ArrayList<>();
        epochs.forEach((id, epoch) -> {
            if (nowNanos - saidNanos.get(layout.shard(id)) >= silenceNanos) {
                overdue.add(new Holding(id, epoch));
            }
        });
        return overdue;
    }
}
