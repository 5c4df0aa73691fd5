package dev.aside.cache;

/**
 * The thread was interrupted while it waited for another thread's load. The load goes on; the thread's interrupt flag
 * is set.
 */
public final class LoadInterruptedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final String cache;
    private final transient Object key;

    LoadInterruptedException(String cache, Object key, InterruptedException cause) {
        super("interrupted while waiting for another thread's load of a key of cache '" + cache + "'", cause);
        this.cache = cache;
        this.key = key;
    }

    /** The cache's name. */
    public String cache() {
        return cache;
    }

    /** The key being loaded. */
    public Object key() {
        return key;
    }
}
