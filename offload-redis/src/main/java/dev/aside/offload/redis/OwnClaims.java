package dev.aside.offload.redis;

import dev.aside.offload.spi.Claims;
import dev.aside.offload.spi.Holding;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The named jobs that this process has claimed and not ended, and when Redis was last told that it is alive. After a
 * pause that is longer than two signs of life, the jobs are named to Redis before more are claimed.
 *
 * <p>Guards against race: a process that stood still for longer than its lease is first given its own job anew, and runs
 * it twice at once (OwnJobsIT.claim_afterAPause_givesAProcessItsOwnJobBack_notAnew). Thread-safe.
 */
final class OwnClaims {
    private final Map<String, Long> epochs = new ConcurrentHashMap<>();
    private final long silenceNanos;
    private volatile long saidNanos;

    OwnClaims(Duration lease) {
        this.silenceNanos = lease.toNanos() / 3 * 2;
    }

    void claimed(List<Claims.Claimed> jobs, long nowNanos) {
        if (epochs.isEmpty()) {
            saidNanos = nowNanos; // there was nothing to say until now
        }
        jobs.forEach(job -> epochs.put(job.record().id(), job.record().epoch()));
    }

    /** It is over, or not this process' any more. */
    void ended(String jobId, long epoch) {
        epochs.remove(jobId, epoch);
    }

    void said(long nowNanos) {
        saidNanos = nowNanos;
    }

    /** What has to be named before more is claimed; mostly nothing. */
    List<Holding> overdue(long nowNanos) {
        return epochs.isEmpty() || nowNanos - saidNanos < silenceNanos
                ? List.of()
                : epochs.entrySet().stream()
                        .map(job -> new Holding(job.getKey(), job.getValue()))
                        .toList();
    }
}
