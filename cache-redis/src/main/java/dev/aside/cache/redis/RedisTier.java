package dev.aside.cache.redis;

import dev.aside.cache.spi.CacheSpec;
import dev.aside.cache.spi.Delivery;
import dev.aside.cache.spi.Intent;
import dev.aside.cache.spi.NodeCache;
import dev.aside.cache.spi.RemoteCache;
import dev.aside.cache.spi.RemoteTier;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Redis as the cache level that all nodes share, with the log that carries invalidations between them.
 *
 * <p>Thread-safe. Reads never fail because of Redis: they are denied, and the caller loads. An invalidation that cannot
 * be delivered is kept and delivered later, and says so.
 */
public final class RedisTier implements RemoteTier {
    private static final Logger LOG = System.getLogger(RedisTier.class.getName());
    private static final Duration START = Duration.ofSeconds(5);
    private static final Duration RETRY = Duration.ofMillis(50);
    private static final Duration JOURNAL = Duration.ofSeconds(60);
    private static final int JOURNAL_KEYS = 100_000;
    private static final int CODEC_THREADS = 2;

    private final RedisTierOptions options;
    private final Layout layout;
    private final List<Shard> shards;
    private final Tokens tokens = new Tokens();
    private final Events events;
    private final OpenCaches caches;
    private final Threads.Loop loop;
    private final Threads.Loop timer;
    private final Connector connector;
    private final Primary primary;
    private final PendingJournal pending;
    private final RecentJournal recent;
    private final Trust trust;
    private final Leases leases;
    private final Invalidator invalidator;
    private final Writers writers;
    private final Reads reads;
    private final AtomicBoolean closed = new AtomicBoolean();

    RedisTier(RedisTierOptions options) {
        this.options = options;
        this.layout = options.layout();
        this.shards = IntStream.range(0, layout.shards())
                .mapToObj(index -> new Shard(layout, index))
                .toList();
        String namespace = layout.namespace();
        this.events = new Events(options.listeners(), namespace);
        this.caches = new OpenCaches(events);
        this.loop = new Threads.Loop("aside-redis-log-" + namespace);
        this.timer = new Threads.Loop("aside-redis-timer-" + namespace);
        this.connector = new Connector(
                options.uri(),
                options.connectTimeout(),
                options.commandTimeout(),
                options.heartbeat(),
                new Link.Clocks(options.ticker(), options.clocks().wall()));
        this.trust = new Trust(options.ticker(), events, layout.shards(), options.trustTimes());
        this.recent = new RecentJournal(options.ticker(), JOURNAL.toNanos(), JOURNAL_KEYS);
        this.pending = new PendingJournal(JOURNAL_KEYS, events);
        this.primary = new Primary(
                new LogReader.Context(layout, shards, caches, trust, loop, events),
                options.clocks(),
                connector,
                tokens.node(),
                recent::issueAgain);
        this.leases = new Leases(
                options.ticker(),
                primary::commands,
                options.lease().toNanos(),
                options.leaseLimit().toNanos());
        this.reads = new Reads(
                new Reads.Gate(primary::commands, trust, primary::doubt, pending),
                leases,
                new Guard(namespace, events),
                timer,
                new Reads.Decoding(namespace, CODEC_THREADS, options.ticker()));
        ShardScripts scripts =
                new ShardScripts(primary::commands, primary::attachAgain, tokens.node(), reads.roundTrips());
        this.invalidator = new Invalidator(layout, shards, scripts, new Invalidator.Journals(pending, recent));
        this.writers = new Writers(
                layout,
                shards,
                scripts,
                invalidator,
                new Writers.Announcing(tokens, options.writeGuard().toMillis(), events));
        timer.repeat(leases::renew, leases.periodNanos());
        timer.repeat(invalidator::retry, RETRY.toNanos());
    }

    /**
     * Connects to a standalone Redis with the default settings.
     *
     * @param uri {@code redis://[user:password@]host[:port][/database]}, or {@code rediss://} for TLS
     * @throws IllegalArgumentException if the URI is malformed
     */
    public static RedisTier connect(String uri) {
        return builder().uri(uri).build();
    }

    /** All settings at their defaults. */
    public static RedisTierBuilder builder() {
        return new RedisTierBuilder();
    }

    /** What a tier does that finds no Redis when it is built. */
    public enum Startup {
        /** {@link RedisTierBuilder#build} throws. */
        FAIL_FAST,
        /** Caches work without Redis until it is there; one warning says so. */
        DEGRADED
    }

    /** Connects, and waits for the first attempt. */
    RedisTier start() {
        Throwable failure = firstAttempt();
        if (failure == null) {
            return this;
        }
        if (failure instanceof RedisStartException refused) {
            close();
            refused.fillInStackTrace(); // who builds the tier wants to see its own stack, not the log thread's
            throw refused;
        }
        String why = "Redis at " + connector.address() + " cannot be used: " + rootMessage(failure);
        if (options.startup() == Startup.FAIL_FAST) {
            close();
            throw new RedisStartException.Unreachable(why, failure);
        }
        primary.absent(rootMessage(failure));
        LOG.log(
                Level.WARNING,
                why + ". Caches load from their source until it is there; Aside goes on trying. Start Redis, or correct"
                        + " the URI given to RedisTier");
        return this;
    }

    private @Nullable Throwable firstAttempt() {
        try {
            primary.start().get(START.toMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (ExecutionException e) {
            return unwrapped(e);
        } catch (TimeoutException e) {
            return new TimeoutException("no answer within " + START.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e;
        }
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof ClosedChannelException) {
            return "the connection was closed";
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    @Override
    public RemoteCache open(CacheSpec spec, NodeCache node) {
        refuseIfClosed();
        String name = Layout.checkCache(spec.name());
        KeyCodec keys;
        ValueCodec.Typed values;
        try {
            keys = new KeyCodec(spec);
            values = options.codec().bind(spec.valueType());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("cache '" + name + "' cannot be kept in Redis: " + e.getMessage(), e);
        }
        int codecId = options.codec().id();
        RedisCache.Format format = new RedisCache.Format(
                keys,
                new BodyFormat(codecId, values, options.compressAbove(), options.maxValueBytes()),
                shape(codecId, values.shape()),
                codecId <= ValueCodec.LAST_OWN_ID && KeyPart.isScalar(spec.valueType()));
        OpenCaches.Followed followed = caches.open(name, keys, node);
        writers.opened(name, format.shape());
        return new RedisCache(
                new RedisCache.Names(name, layout, shards, tokens),
                format,
                followed,
                new RedisCache.Means(reads, writers, events));
    }

    /** The name of a shape: 48 bits of its hash. */
    static String shape(int codecId, String shape) {
        byte[] hash = KeyName.sha256().digest((codecId + " " + shape).getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().encodeToString(hash).substring(0, EntryFormat.SHAPE);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if a key has no text; the message names its type
     */
    @Override
    public CompletionStage<Delivery> invalidate(String cache, Collection<?> keys) {
        refuseIfClosed();
        Layout.checkCache(cache);
        return keys.isEmpty() ? CompletableFuture.completedFuture(Delivery.DONE) : invalidator.invalidate(cache, keys);
    }

    @Override
    public CompletionStage<Delivery> clear(String cache) {
        refuseIfClosed();
        return invalidator.clear(Layout.checkCache(cache));
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if a tag is longer than 1,024 bytes of UTF-8; no value carries such a tag
     */
    @Override
    public CompletionStage<Delivery> invalidateTags(String cache, Collection<String> tags) {
        refuseIfClosed();
        Layout.checkCache(cache);
        return tags.isEmpty()
                ? CompletableFuture.completedFuture(Delivery.DONE)
                : invalidator.invalidateTags(cache, tags);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if a key has no text; the message names its type
     */
    @Override
    public CompletionStage<List<Intent>> announce(String cache, List<?> keys) {
        refuseIfClosed();
        return writers.announce(Layout.checkCache(cache), keys);
    }

    @Override
    public CompletionStage<Delivery> end(List<Intent> intents) {
        refuseIfClosed();
        return invalidator.end(intents.stream().map(RedisIntent::own).toList());
    }

    private void refuseIfClosed() {
        if (closed.get()) {
            throw new IllegalStateException("the Redis tier of namespace '" + layout.namespace() + "' is closed");
        }
    }

    @Override
    public Duration staleBound() {
        return options.staleBound();
    }

    /** How many invalidations of this node wait to be delivered. */
    public int pendingInvalidations() {
        return pending.size();
    }

    /** What the tier is like now, and what it went through since it was built. */
    public RedisTierStats stats() {
        return new RedisTierStats(
                new RedisTierStats.Health(
                        primary.connected(),
                        trust.trusted(),
                        trust.usable(),
                        reads.guard().state()),
                new RedisTierStats.Log(
                        Duration.ofNanos(trust.lagNanos()),
                        shards.stream().mapToLong(Shard::behind).sum(),
                        events.count(RedisTierEvent.Gap.class),
                        events.count(RedisTierEvent.Cleared.class),
                        events.count(RedisTierEvent.Quarantined.class)),
                new RedisTierStats.Traffic(
                        reads.roundTrips().sum(),
                        events.count(RedisTierEvent.ReadFailed.class),
                        reads.stored().sum(),
                        events.count(RedisTierEvent.FillRefused.class),
                        events.count(RedisTierEvent.Unstorable.class),
                        events.count(RedisTierEvent.Undecodable.class)),
                new RedisTierStats.Journals(pending.size(), recent.size(), leases.held()),
                new RedisTierStats.Listeners(events.dropped(), events.failures()));
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            primary.close().get(1, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(Level.WARNING, "the connections of the Redis tier could not be closed in order", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        timer.close();
        loop.close();
        reads.close();
        events.close();
        connector.close();
        if (pending.size() > 0) {
            LOG.log(
                    Level.WARNING,
                    pending.size() + " invalidations of namespace '" + layout.namespace()
                            + "' could not be delivered before the tier was closed; other nodes may serve what they void"
                            + " until it expires");
        }
    }
}
