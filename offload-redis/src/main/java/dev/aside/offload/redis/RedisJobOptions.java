package dev.aside.offload.redis;

import dev.aside.offload.spi.TimeSource;
import java.time.Duration;
import java.util.Set;

/** How a store was asked to be. Immutable. */
record RedisJobOptions(
        Address address,
        Layout layout,
        Times times,
        Limits limits,
        Durability durability,
        boolean mayEvict,
        TimeSource time) {
    /**
     * @param command how long a command may take
     * @param lease how long an owner may be silent
     * @param result how long a result is kept
     * @param status how long the record of a finished job is kept
     * @param dead how long a failed named job is kept
     */
    record Times(Duration command, Duration lease, Duration result, Duration status, Duration dead) {}

    /**
     * @param payload most bytes of one payload
     * @param result most bytes of one result
     * @param backlog most bytes of all payloads of unfinished jobs in a shard
     * @param retained most finished jobs, and most dead ones of a type, that are listed in a shard
     * @param crashes owners that a named job may lose
     */
    record Limits(int payload, int result, long backlog, int retained, int crashes) {}

    /**
     * Which types wait for replicas before a new job counts as accepted.
     *
     * @param replicas how many have to have it
     * @param timeout how long they may take
     */
    record Durability(Set<String> types, int replicas, Duration timeout) {}
}
