package dev.aside.cache.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * Whether this node may serve what it holds, and whether it may use what Redis holds.
 *
 * <p>Both questions may be asked by any thread and cost one clock reading and one volatile read. Everything else is told
 * to it by the log thread only.
 */
final class Trust {
    /** The two ways to lose Redis: each connection is watched for itself. */
    enum Path {
        LOG,
        COMMANDS
    }

    private final Ticker ticker;
    private final Events events;
    private final long boundNanos;
    private final long quarantineNanos;
    private final long silenceNanos;
    private final long[] freshAsOf;
    private final boolean[] fresh;
    private final Map<Path, Long> contacts = new EnumMap<>(Path.class);
    private boolean told;

    private volatile long followedAsOf;
    private volatile long trustedUntil;
    private volatile long usableFrom;
    private volatile long usableUntil;

    /**
     * @param bound how long what was fresh may be served
     * @param quarantine how long Redis is not used after a silence
     * @param silence how long the server may be silent without a quarantine
     */
    record Times(long bound, long quarantine, long silence) {}

    Trust(Ticker ticker, Events events, int shards, Times times) {
        this.ticker = ticker;
        this.events = events;
        this.boundNanos = times.bound();
        this.quarantineNanos = times.quarantine();
        this.silenceNanos = times.silence();
        this.freshAsOf = new long[shards];
        this.fresh = new boolean[shards];
        long now = ticker.read();
        this.followedAsOf = now;
        this.trustedUntil = now;
        this.usableFrom = now;
        this.usableUntil = now;
    }

    /** Every invalidation that returned more than the bound ago has been applied here. */
    boolean trusted() {
        return trustedUntil - ticker.read() > 0;
    }

    /** Values may be read from Redis: the server proved itself within the bound, and no quarantine is on. */
    boolean usable() {
        long now = ticker.read();
        return now - usableFrom >= 0 && usableUntil - now > 0;
    }

    /** How old the state is that this node has followed for certain; counts from the start if it never has. */
    long lagNanos() {
        return Math.max(0, ticker.read() - followedAsOf);
    }

    /**
     * The server answered, as the primary it should be, to something sent at an instant.
     *
     * <p>After a silence nearly as long as the bound comes a quarantine: other writers may have been cut off too, and an
     * invalidation that could not be delivered during the silence must be given the time to arrive before the value it
     * voids is read again. A shorter silence needs none: what it held up arrives within the bound.
     */
    void contact(Path path, long sentAt) {
        Long before = contacts.get(path);
        if (before != null && sentAt - before > silenceNanos) {
            quarantine();
        }
        if (before == null || sentAt - before > 0) {
            contacts.put(path, sentAt);
            if (path == Path.COMMANDS) {
                usableUntil = sentAt + boundNanos;
            }
        }
    }

    void quarantine() {
        usableFrom = ticker.read() + quarantineNanos;
        distrust();
        events.publish(new RedisTierEvent.Quarantined(quarantineNanos));
    }

    /** All that a shard's log held at an instant has been applied. */
    void fresh(int shard, long asOf) {
        if (fresh[shard] && asOf - freshAsOf[shard] <= 0) {
            return;
        }
        fresh[shard] = true;
        freshAsOf[shard] = asOf;
        long oldest = freshAsOf[0];
        for (int i = 0; i < fresh.length; i++) {
            if (!fresh[i]) {
                return;
            }
            oldest = freshAsOf[i] - oldest < 0 ? freshAsOf[i] : oldest;
        }
        followedAsOf = oldest;
        if (ticker.read() - usableFrom < 0) {
            return;
        }
        trustedUntil = oldest + boundNanos;
        tell();
    }

    /** Ends the trust at once; only what is sent after this moment restores it. */
    void distrust() {
        Arrays.fill(fresh, false);
        trustedUntil = ticker.read();
        tell();
    }

    /** Publishes a change since the last call; trust may also have lapsed by itself. */
    void tell() {
        boolean now = trusted();
        if (now != told) {
            told = now;
            events.publish(new RedisTierEvent.Trust(now));
        }
    }
}
