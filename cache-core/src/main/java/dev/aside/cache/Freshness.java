package dev.aside.cache;

/** What may be done with an entry at an instant: a pure function of the two. */
enum Freshness {
    /** Serve. */
    FRESH,
    /** Serve, and reload behind the reader. */
    REFRESH_AHEAD,
    /** The copy here is old though the value may be fresh: ask the remote tier; serve only if the load fails. */
    RECHECK,
    /** Serve, and reload behind the reader. */
    STALE_WHILE_REVALIDATE,
    /** Load; serve only if that fails. */
    STALE_IF_ERROR,
    /** Load. */
    DEAD;

    static Freshness of(Entry entry, long now) {
        if (now - entry.quickUntil < 0) {
            return FRESH;
        }
        if (now - entry.life.localUntil() < 0) {
            return REFRESH_AHEAD;
        }
        if (now - entry.life.freshUntil() < 0) {
            return RECHECK;
        }
        if (now - entry.life.revalidateUntil() < 0) {
            return STALE_WHILE_REVALIDATE;
        }
        return now - entry.life.keepUntil() < 0 ? STALE_IF_ERROR : DEAD;
    }

    /** Whether the value is served at once, as long as the log is trusted. */
    boolean servedAtOnce() {
        return this == FRESH || this == REFRESH_AHEAD || this == STALE_WHILE_REVALIDATE;
    }
}
