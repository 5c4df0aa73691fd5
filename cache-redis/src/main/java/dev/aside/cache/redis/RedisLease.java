package dev.aside.cache.redis;

import dev.aside.cache.spi.Lease;
import java.util.concurrent.atomic.AtomicBoolean;

/** A lease that a script granted: on an absent entry, or on a live one that is to be loaded anew. */
final class RedisLease implements Lease {
    private final KeyRef key;
    private final String token;
    private final String stamp;
    private final long sequence;
    private final long grantedAt;
    private final AtomicBoolean used = new AtomicBoolean();

    RedisLease(KeyRef key, String token, Origin origin, long grantedAt) {
        this.key = key;
        this.token = token;
        this.stamp = origin.stamp();
        this.sequence = origin.sequence();
        this.grantedAt = grantedAt;
    }

    /** The cache's stamp and the sequence of the shard's log when a lease was granted. */
    record Origin(String stamp, long sequence) {}

    KeyRef key() {
        return key;
    }

    String token() {
        return token;
    }

    /** What the entry carried when the lease was granted. */
    String stamp() {
        return stamp;
    }

    /** Where the shard's log stood when the lease was granted: tags invalidated later void what is being loaded. */
    long sequence() {
        return sequence;
    }

    long grantedAt() {
        return grantedAt;
    }

    /** Whether this is the one use. */
    boolean use() {
        return used.compareAndSet(false, true);
    }

    boolean alive() {
        return !used.get();
    }
}
