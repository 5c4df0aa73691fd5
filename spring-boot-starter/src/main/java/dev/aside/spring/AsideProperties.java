package dev.aside.spring;

import dev.aside.cache.TtlPolicy;
import dev.aside.offload.OnWaitTimeout;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything below {@code aside.}; a name that is not here fails the start. Whatever is left out keeps the library's own
 * default.
 *
 * @param redis the cache level that nodes share
 * @param policies TTL policies by name: changes to a preset or to a TtlPolicy bean, or new ones
 * @param offload how calls become jobs
 */
@ConfigurationProperties(prefix = "aside", ignoreUnknownFields = false)
record AsideProperties(
        @DefaultValue Redis redis,
        @DefaultValue Map<String, Policy> policies,
        @DefaultValue Offload offload) {

    /** What to do when Redis cannot be reached at start-up. */
    enum Startup {
        /** The application does not start. */
        FAIL_FAST,
        /** It starts with a warning and loads everything until Redis is there. */
        DEGRADED
    }

    /**
     * @param uri where Redis is, such as redis://localhost:6379; without it there is one process, and Caffeine
     * @param namespace keeps deployments apart that share a Redis; the beginning of all keys
     * @param startup what to do when Redis cannot be reached at start-up
     * @param shards into how many parts the namespace is laid out: a power of two, the same on all nodes
     * @param commandTimeout how long a command may take, and a connection to be opened
     * @param heartbeat how often a node asks where the invalidation log stands
     * @param staleBound how long after an invalidation a node that hears nothing may go on serving what it holds; more
     *     than heartbeat and command timeout together
     */
    record Redis(
            @Nullable String uri,
            @Nullable String namespace,
            @Nullable Startup startup,
            @Nullable Integer shards,
            @AsideDuration @Nullable Duration commandTimeout,
            @AsideDuration @Nullable Duration heartbeat,
            @AsideDuration @Nullable Duration staleBound) {}

    /**
     * @param ttl how long a value is fresh, within the bounds
     * @param minTtl the shortest ttl that caches of this policy may ask for
     * @param maxTtl the longest ttl that caches of this policy may ask for
     * @param localTtl how long a process serves its own copy; at most the ttl
     * @param nullTtl how long an absence is fresh; 0 for not cached
     * @param jitter the share of the ttl by which entries expire earlier at random, 0 to 0.5
     * @param refreshAhead the share of the ttl after which a hit reloads behind the reader, 0.1 to 1; 1 for never
     * @param staleWhileRevalidate how long past its ttl a value is served while it is loaded anew
     * @param staleIfError how long past its ttl a value is served if its load fails
     * @param errorBackoff how long after a failed load the next one is tried while the old value is served
     * @param maximumSize the most entries a process keeps of a cache
     * @param singleFlight who waits for whom when a key is missing
     * @param clusterWait how long to wait for another node's load before loading without it
     * @param coherence what may be served from a process that has lost touch with the invalidation log
     */
    record Policy(
            @AsideDuration @Nullable Duration ttl,
            @AsideDuration @Nullable Duration minTtl,
            @AsideDuration @Nullable Duration maxTtl,
            @AsideDuration @Nullable Duration localTtl,
            @AsideDuration @Nullable Duration nullTtl,
            @Nullable Double jitter,
            @Nullable Double refreshAhead,
            @AsideDuration @Nullable Duration staleWhileRevalidate,
            @AsideDuration @Nullable Duration staleIfError,
            @AsideDuration @Nullable Duration errorBackoff,
            @Nullable Long maximumSize,
            TtlPolicy.@Nullable SingleFlight singleFlight,
            @AsideDuration @Nullable Duration clusterWait,
            TtlPolicy.@Nullable Coherence coherence) {}

    /**
     * @param threshold how long a caller waits before its call becomes a job
     * @param workers how many tasks run at once, all types together
     * @param maxBacklog how many calls may wait for a worker, all types together
     * @param maxInline how long a caller waits at most when its call cannot be made a job
     * @param drain how long unfinished work goes on when the application ends
     * @param platformThreads whether to run tasks on platform threads where the JVM has virtual ones
     * @param declaredTypesOnly whether calls of types that are not listed under types are refused
     * @param types what holds for one job type, by name
     */
    record Offload(
            @AsideDuration @Nullable Duration threshold,
            @Nullable Integer workers,
            @Nullable Integer maxBacklog,
            @AsideDuration @Nullable Duration maxInline,
            @AsideDuration @Nullable Duration drain,
            @DefaultValue("false") boolean platformThreads,
            @DefaultValue("false") boolean declaredTypesOnly,
            @DefaultValue Map<String, JobType> types) {}

    /**
     * @param threshold how long a caller waits before its call becomes a job
     * @param onWaitTimeout what becomes of work that is not done by then
     * @param adaptive whether callers are answered with a job at once while waiting hardly ever pays
     * @param maxConcurrent how many run at once
     * @param maxBacklog how many may wait before further calls are refused
     */
    record JobType(
            @AsideDuration @Nullable Duration threshold,
            @Nullable OnWaitTimeout onWaitTimeout,
            @Nullable Boolean adaptive,
            @Nullable Integer maxConcurrent,
            @Nullable Integer maxBacklog) {}
}
