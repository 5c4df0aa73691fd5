package dev.aside.cache;

/**
 * Counts of one cache in one process since it was defined. Immutable; taken without stopping anything, so the figures
 * may differ by the reads under way.
 *
 * @param localHits reads answered from the process
 * @param remoteHits reads answered from the remote tier
 * @param loads keys loaded by the user's method
 * @param loadFailures keys whose load failed
 * @param staleServed reads answered with a stale value
 * @param fillsRefused loaded values not kept because they were invalidated meanwhile
 * @param invalidations calls that invalidated entries from this process
 * @param puts values written through the cache and kept
 * @param size entries in the process now
 */
public record CacheStats(
        long localHits,
        long remoteHits,
        long loads,
        long loadFailures,
        long staleServed,
        long fillsRefused,
        long invalidations,
        long puts,
        long size) {

    /** Reads answered, from wherever; readers that shared a load count once. */
    public long reads() {
        return localHits + remoteHits + loads;
    }

    /** The share of reads that needed no load, 0 to 1; 1 if there were none. */
    public double hitRatio() {
        return reads() == 0 ? 1 : (double) (localHits + remoteHits) / reads();
    }
}
