package dev.aside.cache.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Builds a {@link RedisTier}. Not thread-safe; may be used again. */
public final class RedisTierBuilder {
    private static final String URI_FORM = "redis://[user:password@]host[:port][/database]";

    private @Nullable RedisURI uri;
    private String namespace = "aside";
    private int shards = 1;
    private Duration commandTimeout = Duration.ofMillis(250);
    private Duration heartbeat = Duration.ofMillis(100);
    private Duration staleBound = Duration.ofSeconds(1);
    private Duration lease = Duration.ofSeconds(3);
    private Duration leaseLimit = Duration.ofSeconds(60);
    private Duration writeGuard = Duration.ofSeconds(30);
    private ValueCodec codec = JacksonCodec.create();
    private int maxValueBytes = 1 << 20;
    private int compressAbove = 8 << 10;
    private RedisTier.Startup startup = RedisTier.Startup.DEGRADED;
    private final List<RedisTierListener> listeners = new ArrayList<>();
    private Ticker ticker = Ticker.systemTicker();
    private InstantSource wall = InstantSource.system();

    RedisTierBuilder() {}

    /**
     * Where Redis is: {@code redis://[user:password@]host[:port][/database]}, or {@code rediss://} for TLS. Must be given.
     *
     * @throws IllegalArgumentException if the URI is malformed, or names what is not supported
     */
    public RedisTierBuilder uri(String uri) {
        this.uri = parse(uri);
        return this;
    }

    private static RedisURI parse(String text) {
        String shown = text.replaceFirst("//.*@", "//***@"); // a password may hold any of / and @
        if (text.startsWith("redis-sentinel") || text.startsWith("rediss-sentinel")) {
            throw new IllegalArgumentException(
                    "the Redis URI '" + shown + "' asks for Sentinel, which is not supported yet; give " + URI_FORM);
        }
        RedisURI parsed;
        try {
            parsed = RedisURI.create(text);
        } catch (RuntimeException e) { // not passed on as the cause: its message may show the password
            throw malformed(shown);
        }
        if (parsed.getSocket() == null && !isHost(parsed.getHost())) {
            throw malformed(shown);
        }
        return parsed;
    }

    /** A name or an address; a port that is none ends up in it. */
    private static boolean isHost(@Nullable String host) {
        return host != null
                && !host.isBlank()
                && host.chars().filter(c -> c == ':').count() != 1;
    }

    private static IllegalArgumentException malformed(String shown) {
        return new IllegalArgumentException("the Redis URI '" + shown + "' is malformed; its form is " + URI_FORM);
    }

    /**
     * The prefix of all keys, and what nodes must have in common to share their caches; {@code aside} by default.
     *
     * @param namespace 1 to 64 letters, digits, {@code . _ : -}
     */
    public RedisTierBuilder namespace(String namespace) {
        this.namespace = new Layout(namespace, 1).namespace();
        return this;
    }

    /** Into how many parts the namespace is laid out: a power of two, the same on all nodes; 1 by default. */
    public RedisTierBuilder shards(int shards) {
        this.shards = new Layout(namespace, shards).shards();
        return this;
    }

    /** How long a command may take, and a connection to be opened; 250 ms by default. */
    public RedisTierBuilder commandTimeout(Duration timeout) {
        this.commandTimeout = positive("command timeout", timeout);
        return this;
    }

    /** How often a node asks where the log stands; 100 ms by default. */
    public RedisTierBuilder heartbeat(Duration heartbeat) {
        this.heartbeat = positive("heartbeat", heartbeat);
        return this;
    }

    /**
     * How long after an invalidation returned a node that hears nothing may go on serving what it holds; 1 s by default.
     * More than heartbeat and command timeout together.
     */
    public RedisTierBuilder staleBound(Duration bound) {
        this.staleBound = positive("stale bound", bound);
        return this;
    }

    /** How long a node that died keeps others from loading the same key; 3 s by default. Renewed while a load runs. */
    public RedisTierBuilder lease(Duration lease) {
        this.lease = positive("lease", lease);
        return this;
    }

    /** For how long a lease is renewed; a longer load is not stored. 60 s by default. */
    public RedisTierBuilder leaseLimit(Duration limit) {
        this.leaseLimit = positive("lease limit", limit);
        return this;
    }

    /**
     * For how long an announced write (a put, a fenced invalidation) keeps loads of its keys out of all caches if its
     * writer dies and never ends it; 30 s by default. Should not be less than a write may take, from the announcement to
     * the end of the commit: a put that takes longer only invalidates, and a fence that ran out before the commit no longer
     * protects from the writer's death. More than the command timeout.
     */
    public RedisTierBuilder writeGuard(Duration guard) {
        this.writeGuard = positive("write guard", guard);
        return this;
    }

    /** How values become bytes; {@link JacksonCodec} by default. */
    public RedisTierBuilder codec(ValueCodec codec) {
        if (codec.id() < 0 || codec.id() > 255) {
            throw new IllegalArgumentException("a codec's id is from 0 to 255, but it is " + codec.id());
        }
        this.codec = codec;
        return this;
    }

    /** Puts a codec around the one there is, so that it can take what that one does not. */
    public RedisTierBuilder wrapCodec(UnaryOperator<ValueCodec> wrapper) {
        return codec(wrapper.apply(codec));
    }

    /** Values of more bytes, before compression, are kept nowhere; 1 MiB by default. */
    public RedisTierBuilder maxValueBytes(int bytes) {
        this.maxValueBytes = notNegative("value limit", bytes);
        return this;
    }

    /** Values of more bytes are compressed; 8 KiB by default. */
    public RedisTierBuilder compressAbove(int bytes) {
        this.compressAbove = notNegative("compression threshold", bytes);
        return this;
    }

    /** What to do if there is no Redis when the tier is built; {@link RedisTier.Startup#DEGRADED} by default. */
    public RedisTierBuilder startup(RedisTier.Startup startup) {
        this.startup = startup;
        return this;
    }

    /** Adds a listener; may be called several times. */
    public RedisTierBuilder listener(RedisTierListener listener) {
        listeners.add(listener);
        return this;
    }

    /** The elapsed time, for tests. */
    public RedisTierBuilder ticker(Ticker ticker) {
        this.ticker = ticker;
        return this;
    }

    /** The calendar, for tests: only used to notice that the machine was suspended. */
    RedisTierBuilder wall(InstantSource wall) {
        this.wall = wall;
        return this;
    }

    /**
     * Connects, and waits until that worked or failed; at most five seconds.
     *
     * @throws RedisStartException if the namespace is laid out in another number of shards, if the server is older than
     *     6.2, or if there is none and {@link RedisTier.Startup#FAIL_FAST} was asked for
     * @throws RedisTimesException if times contradict each other
     * @throws IllegalArgumentException if no URI was given
     */
    public RedisTier build() {
        if (uri == null) {
            throw new IllegalArgumentException(
                    "a Redis tier needs a URI: RedisTier.builder().uri(\"" + URI_FORM + "\")");
        }
        RedisTierOptions options = new RedisTierOptions(
                RedisURI.builder(uri).build(),
                new Layout(namespace, shards),
                new RedisTierOptions.Times(commandTimeout, heartbeat, staleBound, lease, leaseLimit, writeGuard),
                new RedisTierOptions.Values(codec, maxValueBytes, compressAbove),
                startup,
                listeners,
                ticker,
                wall);
        return new RedisTier(options).start();
    }

    private static Duration positive(String what, Duration duration) {
        if (duration.toMillis() <= 0) {
            throw new IllegalArgumentException("the " + what + " is at least 1 ms, but it is " + duration);
        }
        return duration;
    }

    private static int notNegative(String what, int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("the " + what + " cannot be negative, but it is " + bytes);
        }
        return bytes;
    }
}
