package dev.aside.spring;

import dev.aside.cache.EventLoopGuard;
import dev.aside.cache.TtlPolicy;
import dev.aside.offload.OnWaitTimeout;
import dev.aside.offload.http.CompletionProfile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Everything below {@code aside.}; a name that is not here fails the start. Whatever is left out keeps the library's own
 * default.
 *
 * @param redis the cache level that nodes share
 * @param policies TTL policies by name: changes to a preset or to a TtlPolicy bean, or new ones
 * @param eventLoopGuard what blocking calls do on an event loop of Reactor, Netty or Vert.x
 * @param annotations Aside's annotations on beans
 * @param springCache Spring's own cache annotations, answered by Aside
 * @param offload how calls become jobs
 */
@ConfigurationProperties(prefix = "aside", ignoreUnknownFields = false)
record AsideProperties(
        @DefaultValue Redis redis,
        @DefaultValue Map<String, Policy> policies,
        @Nullable EventLoopGuard eventLoopGuard,
        @DefaultValue Annotations annotations,
        @DefaultValue SpringCaches springCache,
        @DefaultValue Offload offload) {

    /** What to do when Redis cannot be reached at start-up. */
    enum Startup {
        /** The application does not start. */
        FAIL_FAST,
        /** It starts with a warning and loads everything until Redis is there. */
        DEGRADED
    }

    /**
     * @param enabled whether nodes share a level in Redis; if left out, they do when aside.redis.uri or the connection of
     *     Spring Data Redis is set
     * @param uri where Redis is, such as redis://localhost:6379; if left out, where spring.data.redis.url or
     *     spring.data.redis.host says; without any of them there is one process, and Caffeine
     * @param namespace keeps deployments apart that share a Redis; the beginning of all keys
     * @param startup what to do when Redis cannot be reached at start-up
     * @param shards into how many parts the namespace is laid out: a power of two, the same on all nodes
     * @param commandTimeout how long a command may take, and a connection to be opened
     * @param heartbeat how often a node asks where the invalidation log stands
     * @param staleBound how long after an invalidation a node that hears nothing may go on serving what it holds; more
     *     than heartbeat and command timeout together
     * @param lease how long a node that died keeps others from loading the same key
     * @param leaseLimit for how long a lease is renewed; a longer load is not stored
     * @param writeGuard for how long an announced write keeps loads of its keys out of all caches if its writer dies; more
     *     than the command timeout
     * @param maxValueBytes values of more bytes, before compression, are kept nowhere
     * @param compressAbove values of more bytes are compressed
     */
    record Redis(
            @Nullable Boolean enabled,
            @Nullable String uri,
            @Nullable String namespace,
            @Nullable Startup startup,
            @Nullable Integer shards,
            @AsideDuration @Nullable Duration commandTimeout,
            @AsideDuration @Nullable Duration heartbeat,
            @AsideDuration @Nullable Duration staleBound,
            @AsideDuration @Nullable Duration lease,
            @AsideDuration @Nullable Duration leaseLimit,
            @AsideDuration @Nullable Duration writeGuard,
            @Nullable DataSize maxValueBytes,
            @Nullable DataSize compressAbove) {

        /** Whether an application without Redis is not what was asked for. */
        boolean isDemanded() {
            return enabled == null ? uri != null : enabled;
        }

        /** Without the URI, which may hold a password. */
        @Override
        public String toString() {
            return "Redis[enabled=" + enabled + ", namespace=" + namespace + "]";
        }
    }

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
     * @param softTimeout how long readers wait for a load before they are given the old value; 0 for as long as it takes
     * @param hardTimeout how long readers wait for a load before it fails for them; 0 for as long as it takes
     * @param maximumSize the most entries a process keeps of a cache
     * @param maximumWeight the most weight a process keeps of a cache, for a policy bean that has a weigher
     * @param maxConcurrentLoads the most loads of a cache that run at a time in a process
     * @param loadWait how long a blocking reader waits for its turn to load, if loads are limited
     * @param loadBreaker when loads are given up for a while because they fail
     * @param slowLoad from how long on a load is logged as slow; 0 for never
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
            @AsideDuration @Nullable Duration softTimeout,
            @AsideDuration @Nullable Duration hardTimeout,
            @Nullable Long maximumSize,
            @Nullable Long maximumWeight,
            @Nullable Integer maxConcurrentLoads,
            @AsideDuration @Nullable Duration loadWait,
            @Nullable LoadBreaker loadBreaker,
            @AsideDuration @Nullable Duration slowLoad,
            TtlPolicy.@Nullable SingleFlight singleFlight,
            @AsideDuration @Nullable Duration clusterWait,
            TtlPolicy.@Nullable Coherence coherence) {}

    /**
     * @param failureShare the share of failed loads from which on none is tried, 0.01 to 1
     * @param calls over how many loads the share is taken
     * @param openFor for how long none is tried then
     */
    record LoadBreaker(
            @Nullable Double failureShare,
            @Nullable Integer calls,
            @AsideDuration @Nullable Duration openFor) {}

    /**
     * @param enabled whether Aside's annotations on beans are honoured
     * @param order where the advice stands among others, as in Ordered; smaller is further outside
     * @param shortCut whether plain hits of class proxies are answered before Spring makes an invocation of the call,
     *     where nothing is advised to happen in front of the cache
     */
    record Annotations(
            @DefaultValue("true") boolean enabled,
            @Nullable Integer order,
            @DefaultValue("true") boolean shortCut) {}

    /**
     * @param enabled whether Aside answers Spring's cache annotations, when there is no other CacheManager
     * @param policy the policy of caches that are not listed under caches
     * @param cacheNames the names of the only caches there are; if empty, any name that is asked for makes one
     * @param caches what holds for one cache, by name
     * @param valueTypes classes that values restored from Redis may be, besides those that this process has cached itself
     */
    record SpringCaches(
            @DefaultValue("true") boolean enabled,
            @Nullable String policy,
            @DefaultValue List<String> cacheNames,
            @DefaultValue Map<String, SpringCache> caches,
            @DefaultValue List<Class<?>> valueTypes) {}

    /**
     * @param policy the policy's name
     * @param ttl how long a value is fresh, within the policy's bounds
     * @param localTtl how long a process serves its own copy; at most the ttl
     * @param nullTtl how long an absence is fresh; 0 for not cached
     */
    record SpringCache(
            @Nullable String policy,
            @AsideDuration @Nullable Duration ttl,
            @AsideDuration @Nullable Duration localTtl,
            @AsideDuration @Nullable Duration nullTtl) {}

    /**
     * @param threshold how long a caller waits before its call becomes a job
     * @param workers how many tasks run at once, all types together
     * @param maxBacklog how many calls may wait for a worker, all types together
     * @param maxInline how long a caller waits at most when its call cannot be made a job
     * @param drain how long unfinished work goes on when the application ends
     * @param platformThreads whether to run tasks on platform threads where the JVM has virtual ones
     * @param declaredTypesOnly whether calls of types that are not listed under types, or named by an annotation, are refused
     * @param mdc the names of logging context entries that are stored with jobs and so reach other processes; never
     *     secrets. Workers of this process get all entries
     * @param types what holds for one job type, by name
     * @param http offloaded endpoints, and the addresses of their jobs
     */
    record Offload(
            @AsideDuration @Nullable Duration threshold,
            @Nullable Integer workers,
            @Nullable Integer maxBacklog,
            @AsideDuration @Nullable Duration maxInline,
            @AsideDuration @Nullable Duration drain,
            @DefaultValue("false") boolean platformThreads,
            @DefaultValue("false") boolean declaredTypesOnly,
            @DefaultValue Set<String> mdc,
            @DefaultValue Map<String, JobType> types,
            @DefaultValue Http http,
            @DefaultValue JobRedis redis) {}

    /**
     * @param enabled whether jobs are kept in Redis; if unset, when aside-offload-redis is there and it is said where
     *     Redis is
     * @param uri where it is, if it is not the Redis of the caches
     * @param namespace what processes must have in common to share their jobs
     * @param shards over how many slots of a cluster jobs are spread; the same on all nodes
     * @param commandTimeout how long a command may take
     * @param lease how long the process that runs a job may be silent before another one takes the job
     * @param maxCrashes how many of its processes a named job may lose before it counts as failed
     * @param resultTtl how long results are kept
     * @param statusTtl how long records of finished jobs are kept
     * @param deadTtl how long failed named jobs are kept
     * @param maxPayload the most bytes of one payload
     * @param maxResult the most bytes of one result
     * @param maxBacklog the most bytes of all payloads that wait, in a shard
     * @param replicatedTypes types whose jobs are accepted only when replicas have them
     * @param replicas how many replicas
     * @param replicaTimeout how long the replicas may take
     * @param allowEviction whether a Redis will do that throws keys away when it is full
     */
    record JobRedis(
            @Nullable Boolean enabled,
            @Nullable String uri,
            @Nullable String namespace,
            @Nullable Integer shards,
            @AsideDuration @Nullable Duration commandTimeout,
            @AsideDuration @Nullable Duration lease,
            @Nullable Integer maxCrashes,
            @DefaultValue("1h") @AsideDuration Duration resultTtl,
            @DefaultValue("24h") @AsideDuration Duration statusTtl,
            @AsideDuration @Nullable Duration deadTtl,
            @Nullable DataSize maxPayload,
            @Nullable DataSize maxResult,
            @Nullable DataSize maxBacklog,
            @DefaultValue Set<String> replicatedTypes,
            @DefaultValue("1") int replicas,
            @DefaultValue("200ms") @AsideDuration Duration replicaTimeout,
            @DefaultValue("false") boolean allowEviction) {

        /** Without the URI, which may hold a password. */
        @Override
        public String toString() {
            return "JobRedis[enabled=" + enabled + ", namespace=" + namespace + "]";
        }
    }

    /**
     * @param path where jobs are, below the context path
     * @param baseUrl what addresses of jobs begin with, as clients reach this service, its context path included
     * @param hosts without a base URL: the hosts, with or without a port, that requests may name for addresses of jobs to
     *     begin with; * for any, which lets a client choose what it reads in its own answers
     * @param profile what the address of a job answers when it is over
     * @param maxWait the longest wait of a request that starts work, whatever its client says
     * @param maxPollWait the longest time a poll is held back; 0 for never
     * @param retryAfter when clients are told to ask again if nobody has an estimate
     * @param maxRetryAfter the longest pause between polls that clients are told
     * @param heartbeat how long a stream of events may be silent
     * @param maxUpload how many bytes of uploaded files the work of a request may keep
     * @param problemBase what the types of problems begin with
     * @param exposeErrors whether clients are shown the texts of exceptions; for development only
     * @param strictKeys whether a repeated request is answered by 409 while the first one runs, instead of 202
     */
    record Http(
            @Nullable String path,
            @Nullable String baseUrl,
            @DefaultValue List<String> hosts,
            @Nullable CompletionProfile profile,
            @AsideDuration @Nullable Duration maxWait,
            @AsideDuration @Nullable Duration maxPollWait,
            @AsideDuration @Nullable Duration retryAfter,
            @AsideDuration @Nullable Duration maxRetryAfter,
            @AsideDuration @Nullable Duration heartbeat,
            @Nullable DataSize maxUpload,
            @Nullable String problemBase,
            @DefaultValue("false") boolean exposeErrors,
            @DefaultValue("false") boolean strictKeys) {}

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
