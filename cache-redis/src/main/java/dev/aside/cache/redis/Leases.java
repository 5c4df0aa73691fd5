package dev.aside.cache.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The leases this node holds, and what keeps them alive while their loads run: each is renewed every third of its time,
 * up to a limit after which another node may load. Thread-safe.
 */
final class Leases {
    private final Ticker ticker;
    private final Supplier<@Nullable Link> commands;
    private final long leaseNanos;
    private final long limitNanos;
    private final Map<RedisLease, Long> renewedAt = new ConcurrentHashMap<>();

    Leases(Ticker ticker, Supplier<@Nullable Link> commands, long leaseNanos, long limitNanos) {
        this.ticker = ticker;
        this.commands = commands;
        this.leaseNanos = leaseNanos;
        this.limitNanos = limitNanos;
    }

    long millis() {
        return TimeUnit.NANOSECONDS.toMillis(leaseNanos);
    }

    /** How often {@link #renew} has to be called. */
    long periodNanos() {
        return leaseNanos / 6;
    }

    RedisLease granted(KeyRef key, String token, RedisLease.Origin origin) {
        long now = ticker.read();
        RedisLease lease = new RedisLease(key, token, origin, now);
        renewedAt.put(lease, now);
        return lease;
    }

    /** Uses a lease up; false if it was before. */
    boolean use(RedisLease lease) {
        renewedAt.remove(lease);
        return lease.use();
    }

    int held() {
        return renewedAt.size();
    }

    void release(List<RedisLease> leases) {
        Link link = commands.get();
        if (link == null) {
            return; // they run out by themselves
        }
        Pipeline pipeline = link.pipeline();
        leases.forEach(lease -> release(pipeline, lease.key(), lease.token()));
        pipeline.send();
    }

    /** Gives back a lease that may have been granted; nobody waits for the answer. */
    static void release(Pipeline pipeline, KeyRef key, String token) {
        var unused = pipeline.eval(Script.RELEASE, List.of(key.entry()), token, EntryFormat.EMPTY_SLOT);
    }

    /** Renews those that are due. */
    void renew() {
        Link link = commands.get();
        if (link == null || renewedAt.isEmpty()) {
            return;
        }
        long now = ticker.read();
        renewedAt.keySet().removeIf(lease -> !lease.alive() || now - lease.grantedAt() > limitNanos);
        Set<RedisLease> due = renewedAt.entrySet().stream()
                .filter(entry -> now - entry.getValue() >= leaseNanos / 3)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        Pipeline pipeline = link.pipeline();
        for (RedisLease lease : due) {
            renewedAt.computeIfPresent(lease, (same, before) -> now);
            pipeline.eval(
                            Script.RENEW,
                            List.of(lease.key().entry()),
                            lease.token(),
                            TimeUnit.NANOSECONDS.toMillis(leaseNanos))
                    .thenAccept(reply -> {
                        if (reply.get(0) instanceof Long renewed && renewed == 0) {
                            renewedAt.remove(lease); // void; its fill will be refused
                        }
                    });
        }
        pipeline.send();
    }
}
