package dev.aside.offload.redis;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.spi.Holding;
import java.util.ArrayList;
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
    private final Layout layout;
    private final Map<String, Claim> claims = new ConcurrentHashMap<>();
    private final long silenceNanos;
    private final Map<Place, Long> saidNanos = new ConcurrentHashMap<>();

    OwnClaims(RedisJobOptions options) {
        this.layout = options.layout();
        this.silenceNanos = options.times().lease().toNanos() / 3 * 2;
    }

    private record Claim(long epoch, Place place) {}

    /** Several executors of a process may share a store. */
    private record Place(String node, int shard) {}

    void add(JobRecord record, long nowNanos) {
        Place place = new Place(record.node(), layout.shard(record.id()));
        if (claims.values().stream().noneMatch(claim -> claim.place.equals(place))) {
            saidNanos.put(place, nowNanos); // there was nothing to say until now
        }
        claims.put(record.id(), new Claim(record.epoch(), place));
    }

    /** It is over, or not this process' any more. */
    void ended(String jobId, long epoch) {
        claims.computeIfPresent(jobId, (id, claim) -> claim.epoch == epoch ? null : claim);
    }

    /** A shard has heard of the jobs that a node has in it. */
    void said(String node, int shard, long nowNanos) {
        saidNanos.put(new Place(node, shard), nowNanos);
    }

    /** What a node has to name before it claims more; mostly nothing. */
    List<Holding> overdue(String node, long nowNanos) {
        List<Holding> overdue = new ArrayList<>();
        claims.forEach((id, claim) -> {
            Long said = saidNanos.get(claim.place);
            if (claim.place.node.equals(node) && said != null && nowNanos - said >= silenceNanos) {
                overdue.add(new Holding(id, claim.epoch));
            }
        });
        return overdue;
    }
}
