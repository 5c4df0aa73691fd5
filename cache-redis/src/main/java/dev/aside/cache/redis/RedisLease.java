package dev.aside.cache.redis;

import dev.aside.cache.spi.Lease;
import java.util.concurrent.atomic.AtomicBoolean;

/** A lease that a script granted: on an absent entry, or on a live one that is to be loaded anew. */
final class RedisLease implements Lease {
    private final KeyRef key;
    private final String token;
    private final String stamp;
    private final long grantedAt;
    private final AtomicBoolean used = new AtomicBoolean();

    RedisLease(KeyRef key, String token, String stamp, long grantedAt) {
        this.key = key;
        this.token = token;
        this.stamp = stamp;
        this.grantedAt = grantedAt;
    }

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
