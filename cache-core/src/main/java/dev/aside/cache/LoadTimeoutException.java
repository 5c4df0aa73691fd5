package dev.aside.cache;

import dev.aside.cache.proxy.DurationText;
import java.time.Duration;

/**
 * A load that took longer than the policy's hard timeout. The user's method may still be running, but what it brings is
 * thrown away; the next reader loads anew.
 */
public final class LoadTimeoutException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final String cache;
    private final transient Object key;

    LoadTimeoutException(String cache, Object key, Duration timeout) {
        super("the load of a key of cache '" + cache + "' took longer than " + DurationText.format(timeout)
                + " [hint: hardTimeout of the cache's policy]");
        this.cache = cache;
        this.key = key;
    }

    /** The cache's name. */
    public String cache() {
        return cache;
    }

    /** The key being loaded; of a batch, its first. */
    public Object key() {
        return key;
    }
}
