package dev.aside.cache;

/** When an old value may stand in for one that could not be loaded. */
final class StaleRule {
    private StaleRule() {}

    /**
     * Whether the entry may be served after its load failed.
     *
     * @param trusted whether the invalidation log is being followed; without it only policies of normal coherence serve
     */
    static boolean mayServeAfterError(Entry entry, long now, TtlPolicy policy, boolean trusted) {
        long until = entry.life.freshUntil() + policy.staleIfError().toNanos();
        if (policy.staleIfError().isZero() || now - Lifetime.earlier(until, entry.life.keepUntil()) >= 0) {
            return false;
        }
        return trusted || policy.coherence() == TtlPolicy.Coherence.NORMAL;
    }

    /** Whether the entry may be served while its load takes longer than readers wait; asks for trust besides. */
    static boolean mayStandIn(Entry entry, long now, TtlPolicy policy) {
        return now - standInUntil(entry, policy) < 0;
    }

    /** Until when that is so. */
    static long standInUntil(Entry entry, TtlPolicy policy) {
        return Lifetime.earlier(entry.life.freshUntil() + policy.longestStale().toNanos(), entry.life.keepUntil());
    }
}
