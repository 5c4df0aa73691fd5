package dev.aside.cache;

/** A load that was not tried: as many as allowed were running, or those before it failed too often. */
public final class LoadRejectedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** Why a load was not tried. */
    public enum Reason {
        /** The policy's {@code maxConcurrentLoads} were running, and none ended within the wait. */
        TOO_MANY_LOADS,
        /** The policy's {@code loadBreaker} is open, because loads failed. */
        BREAKER_OPEN
    }

    private final String cache;
    private final transient Object key;
    private final Reason reason;

    LoadRejectedException(String cache, Object key, Reason reason) {
        super("a key of cache '" + cache + "' was not loaded: "
                + (reason == Reason.TOO_MANY_LOADS
                        ? "as many loads as its policy allows are running [hint: maxConcurrentLoads]"
                        : "loads before it failed, so none is tried for a while [hint: loadBreaker]"));
        this.cache = cache;
        this.key = key;
        this.reason = reason;
    }

    /** The cache's name. */
    public String cache() {
        return cache;
    }

    /** The key that was to be loaded; of a batch, its first. */
    public Object key() {
        return key;
    }

    /** Why it was not tried. */
    public Reason reason() {
        return reason;
    }
}
