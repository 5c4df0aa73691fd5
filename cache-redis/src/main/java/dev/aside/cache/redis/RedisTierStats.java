package dev.aside.cache.redis;

import java.time.Duration;

/**
 * What a {@link RedisTier} is like now, and what it went through since it was built. Immutable; taken without stopping
 * anything, so the figures may differ by what is under way.
 *
 * @param health whether Redis is used
 * @param log how this node follows the invalidations of all
 * @param traffic what readers and writers of this node met
 * @param journals what this node remembers
 * @param listeners how the listeners keep up
 */
public record RedisTierStats(Health health, Log log, Traffic traffic, Journals journals, Listeners listeners) {

    /**
     * Whether Redis is used.
     *
     * @param connected whether both connections are open and attached
     * @param trusted whether what the process holds is served
     * @param usable whether values are read from Redis: false in a quarantine, and when the server did not prove itself
     * @param breaker the state of the circuit breaker in front of reads
     */
    public record Health(boolean connected, boolean trusted, boolean usable, Breaker breaker) {}

    /** The state of the circuit breaker in front of reads. */
    public enum Breaker {
        /** Reads go to Redis. */
        CLOSED,
        /** Reads go to their loads. */
        OPEN,
        /** A few reads try whether Redis is well again. */
        HALF_OPEN
    }

    /**
     * How this node follows the invalidations of all.
     *
     * @param lag the age of the state this node is known to have followed: every invalidation that returned longer ago is
     *     applied. In health at most a heartbeat and a round trip; trust ends when it exceeds the stale bound
     * @param behind entries that the log is known to hold and that are not applied here yet
     * @param gaps how often the log did not go on where this node stood, or had another history
     * @param clears caches dropped from the process as a whole, other than by an invalidation of all keys
     * @param quarantines how often Redis was not used for a while after a silence
     */
    public record Log(Duration lag, long behind, long gaps, long clears, long quarantines) {}

    /**
     * What readers and writers of this node met.
     *
     * @param roundTrips requests to Redis for lookups, fills and invalidations, each of any number of commands in one go;
     *     heartbeats, the log, looks at tags, and renewing or giving back of leases are not counted
     * @param readsFailed lookups that Redis did not answer; those that were not sent are not counted
     * @param fillsStored loaded values that were stored
     * @param fillsRefused loaded values that came too late: invalidated, or the lease ran out
     * @param unstorable loaded values that could not be written
     * @param undecodable values and keys that could not be read and counted as absent
     */
    public record Traffic(
            long roundTrips,
            long readsFailed,
            long fillsStored,
            long fillsRefused,
            long unstorable,
            long undecodable) {}

    /**
     * What this node remembers.
     *
     * @param pending invalidations that wait to be delivered
     * @param recent delivered invalidations of the last minute, kept in case the server loses its history
     * @param leases keys this node is loading
     */
    public record Journals(int pending, int recent, int leases) {}

    /**
     * How the listeners keep up.
     *
     * @param dropped events that a listener was not told because it was too slow
     * @param failures how often listeners threw
     */
    public record Listeners(long dropped, long failures) {}
}
