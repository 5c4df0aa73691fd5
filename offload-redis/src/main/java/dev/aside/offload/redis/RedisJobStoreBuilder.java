package dev.aside.offload.redis;

import dev.aside.offload.spi.TimeSource;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds a {@link RedisJobStore}. Not thread-safe; may be used again. */
public final class RedisJobStoreBuilder {
    private static final int MAX_PAYLOAD = 256 << 10;

    private @Nullable Address address;
    private String namespace = "aside";
    private int shards = 1;
    private Duration commandTimeout = Duration.ofSeconds(1);
    private Duration lease = Duration.ofSeconds(30);
    private Duration resultTtl = Duration.ofHours(1);
    private Duration statusTtl = Duration.ofHours(24);
    private Duration deadTtl = Duration.ofDays(30);
    private int maxPayloadBytes = 64 << 10;
    private int maxResultBytes = 1 << 20;
    private long maxBacklogBytes = 256L << 20;
    private int retained = 10_000;
    private int maxCrashes = 2;
    private Set<String> replicatedTypes = Set.of();
    private int replicas = 1;
    private Duration replicaTimeout = Duration.ofMillis(200);
    private boolean mayEvict;
    private @Nullable TimeSource time;

    RedisJobStoreBuilder() {}

    /**
     * Where Redis is: {@code redis://[user:password@]host[:port][/database]}, {@code rediss://} for TLS,
     * {@code redis-sentinel://host[:port],host[:port]#primary} or {@code redis-cluster://host[:port],host[:port]}. Must be
     * given. Redis 7 or later.
     *
     * @throws IllegalArgumentException if the URI is malformed; the message shows no password
     */
    public RedisJobStoreBuilder uri(String uri) {
        this.address = Address.of(uri);
        return this;
    }

    /**
     * What processes must have in common to share their jobs; {@code aside} by default.
     *
     * @param namespace 1 to 64 letters, digits, {@code . _ : -}
     */
    public RedisJobStoreBuilder namespace(String namespace) {
        this.namespace = new Layout(namespace, 1).namespace();
        return this;
    }

    /**
     * Over how many slots of a cluster the jobs are spread: a power of two up to 64, the same on all nodes; 1 by default,
     * which is right up to several thousand jobs a second.
     */
    public RedisJobStoreBuilder shards(int shards) {
        this.shards = new Layout(namespace, shards).shards();
        return this;
    }

    /** How long a command may take, and a connection to be opened; 1 s by default. */
    public RedisJobStoreBuilder commandTimeout(Duration timeout) {
        this.commandTimeout = positive("command timeout", timeout);
        return this;
    }

    /**
     * How long the process that runs a job may be silent before another one may take the job; 30 s by default. A pause of
     * a process that is longer means that its work may be done twice.
     *
     * @throws IllegalArgumentException if it is below a second
     */
    public RedisJobStoreBuilder lease(Duration lease) {
        if (lease.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("the lease is at least 1 s, but it is " + lease
                    + ". Hint: shorter than a pause of the garbage collector means work done twice.");
        }
        this.lease = lease;
        return this;
    }

    /** How many of its processes a named job may lose before it counts as failed; 2 by default. */
    public RedisJobStoreBuilder maxCrashes(int crashes) {
        if (crashes < 0) {
            throw new IllegalArgumentException("the number of crashes cannot be negative, but it is " + crashes);
        }
        this.maxCrashes = crashes;
        return this;
    }

    /** How long results (1 h by default) and records of finished jobs (24 h) are kept; the result not longer. */
    public RedisJobStoreBuilder retention(Duration result, Duration status) {
        positive("retention of results", result);
        if (result.compareTo(status) > 0) {
            throw new IllegalArgumentException(
                    "the retention of results, " + result + ", is longer than that of records, " + status
                            + ". Hint: a result cannot outlive the record of its job.");
        }
        this.resultTtl = result;
        this.statusTtl = status;
        return this;
    }

    /** How long failed named jobs are kept for a re-run; 30 days by default. */
    public RedisJobStoreBuilder deadRetention(Duration dead) {
        this.deadTtl = positive("retention of dead jobs", dead);
        return this;
    }

    /** How many finished jobs, and how many dead ones of a type, are listed in a shard; 10 000 by default. */
    public RedisJobStoreBuilder retained(int jobs) {
        this.retained = atLeastOne("number of finished jobs", jobs);
        return this;
    }

    /**
     * The most bytes of one payload; 64 KiB by default.
     *
     * @throws IllegalArgumentException if it is above 256 KiB: that belongs elsewhere, with its address as the payload
     */
    public RedisJobStoreBuilder maxPayloadBytes(int bytes) {
        if (bytes > MAX_PAYLOAD) {
            throw new IllegalArgumentException("a payload of " + bytes + " bytes is above " + MAX_PAYLOAD
                    + ". Hint: store it elsewhere and enqueue its address.");
        }
        this.maxPayloadBytes = atLeastOne("payload limit", bytes);
        return this;
    }

    /** The most bytes of one result; 1 MiB by default. A larger one fails its job with {@code result-too-large}. */
    public RedisJobStoreBuilder maxResultBytes(int bytes) {
        this.maxResultBytes = atLeastOne("result limit", bytes);
        return this;
    }

    /** The most bytes that the payloads of all unfinished jobs of a shard take; 256 MiB by default. */
    public RedisJobStoreBuilder maxBacklogBytes(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("the backlog limit is at least 1 byte, but it is " + bytes);
        }
        this.maxBacklogBytes = bytes;
        return this;
    }

    /**
     * New jobs of these types count as accepted only when so many replicas have them; no type by default. A failover then
     * loses none of them.
     *
     * @param replicas 1 or more
     * @param timeout how long the replicas may take; then the enqueue fails, and may be repeated with its key
     */
    public RedisJobStoreBuilder replicated(Set<String> types, int replicas, Duration timeout) {
        this.replicatedTypes = Set.copyOf(types);
        this.replicas = atLeastOne("number of replicas", replicas);
        this.replicaTimeout = positive("replica timeout", timeout);
        return this;
    }

    /** Accepts a Redis that throws keys away when it is full, and so the loss of jobs. */
    public RedisJobStoreBuilder allowEviction() {
        this.mayEvict = true;
        return this;
    }

    /** The time of timers and retries; not closed by the store. For tests. */
    public RedisJobStoreBuilder time(TimeSource time) {
        this.time = Objects.requireNonNull(time, "time");
        return this;
    }

    /**
     * Connects.
     *
     * @throws IllegalArgumentException if no URI was given
     * @throws dev.aside.offload.JobStoreException if Redis cannot be reached, throws keys away when it is full, or has
     *     the namespace laid out in another number of shards
     */
    public RedisJobStore build() {
        if (address == null) {
            throw new IllegalArgumentException(
                    "a job store on Redis needs a URI: RedisJobStore.builder().uri(\"" + Address.FORMS + "\")");
        }
        boolean ownTime = time == null;
        TimeSource clock = time == null ? TimeSource.system() : time;
        RedisJobOptions options = new RedisJobOptions(
                address,
                new Layout(namespace, shards),
                new RedisJobOptions.Times(commandTimeout, lease, resultTtl, statusTtl, deadTtl),
                new RedisJobOptions.Limits(maxPayloadBytes, maxResultBytes, maxBacklogBytes, retained, maxCrashes),
                new RedisJobOptions.Durability(replicatedTypes, replicas, replicaTimeout),
                mayEvict,
                clock);
        JobLink link = new JobLink(
                options, Deployment.at(address, commandTimeout, commandTimeout.plus(replicaTimeout)), ownTime);
        try {
            link.start();
        } catch (RuntimeException e) {
            link.close();
            throw e;
        }
        return new RedisJobStore(options, link);
    }

    private static Duration positive(String what, Duration duration) {
        if (duration.toMillis() <= 0) {
            throw new IllegalArgumentException("the " + what + " is at least 1 ms, but it is " + duration);
        }
        return duration;
    }

    private static int atLeastOne(String what, int number) {
        if (number < 1) {
            throw new IllegalArgumentException("the " + what + " is at least 1, but it is " + number);
        }
        return number;
    }
}
