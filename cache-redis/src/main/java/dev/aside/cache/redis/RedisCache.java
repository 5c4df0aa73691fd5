package dev.aside.cache.redis;

import dev.aside.cache.redis.BodyFormat.FormatException;
import dev.aside.cache.redis.BodyFormat.Tagged;
import dev.aside.cache.redis.LookupCall.Slot;
import dev.aside.cache.spi.FillOutcome;
import dev.aside.cache.spi.FillRequest;
import dev.aside.cache.spi.Lease;
import dev.aside.cache.spi.Lookup;
import dev.aside.cache.spi.LookupRequest;
import dev.aside.cache.spi.PutOutcome;
import dev.aside.cache.spi.PutRequest;
import dev.aside.cache.spi.RemoteCache;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One open cache in Redis. Thread-safe. */
final class RedisCache implements RemoteCache {
    private static final Logger LOG = System.getLogger(RedisTier.class.getName());
    private static final int CHEAP_BYTES = 4096;
    private static final Lookup UNAVAILABLE = new Lookup.Denied(Lookup.Reason.UNAVAILABLE, null);

    private final Names names;
    private final Format format;
    private final OpenCaches.Followed followed;
    private final Reads reads;
    private final Writers writers;
    private final Events events;
    private final List<ShardNames> shardNames;

    /** What the names of the cache's keys in one shard are made of. */
    private record ShardNames(Shard shard, String stamp, String entries) {}

    /** Where the cache's entries are, and what its leases are called. */
    record Names(String cache, Layout layout, List<Shard> shards, Tokens tokens) {}

    /**
     * What the cache's keys and values look like.
     *
     * @param cheap whether small values can be decoded without running anybody's code
     */
    record Format(KeyCodec keys, BodyFormat body, String shape, boolean cheap) {}

    /** How it reads and writes, and whom it tells. */
    record Means(Reads reads, Writers writers, Events events) {}

    RedisCache(Names names, Format format, OpenCaches.Followed followed, Means means) {
        this.names = names;
        this.format = format;
        this.followed = followed;
        this.reads = means.reads();
        this.writers = means.writers();
        this.events = means.events();
        this.shardNames = names.shards().stream()
                .map(shard -> new ShardNames(
                        shard,
                        names.layout().stamp(shard.index(), names.cache()),
                        names.layout().entries(shard.index(), names.cache(), format.shape())))
                .toList();
    }

    String name() {
        return names.cache();
    }

    String shape() {
        return format.shape();
    }

    BodyFormat body() {
        return format.body();
    }

    /** Where the announced writes of a key are. */
    String writers(KeyRef key) {
        return names.layout()
                .writers(key.shard().index(), names.cache(), key.name().logKey());
    }

    String tagStamp(Shard shard, String text) {
        return names.layout().tagStamp(shard.index(), names.cache(), text);
    }

    String token() {
        return names.tokens().lease();
    }

    boolean decodesCheaply(int bytes) {
        return format.cheap() && bytes <= CHEAP_BYTES;
    }

    @Override
    public boolean trusted(Object key) {
        return reads.trusted();
    }

    @Override
    public CompletionStage<List<Lookup>> lookup(List<?> keys, LookupRequest request) {
        return lookup(keys, request, reads.decoder());
    }

    @Override
    public CompletionStage<List<Lookup>> lookup(List<?> keys, LookupRequest request, Executor executor) {
        // Guards against race: a load begun while Redis may not be read is not detached by a later log entry, because
        // the
        // entry names a long key by its hash (FaultIT.lookupDenied_longKey_isFollowedAllTheSame)
        List<Slot> slots = new ArrayList<>(keys.size());
        for (Object key : keys) {
            slots.add(slot(key));
        }
        Link link = reads.link();
        if (link == null || keys.isEmpty() || !reads.guard().permits()) {
            return CompletableFuture.completedFuture(
                    keys.stream().map(key -> UNAVAILABLE).toList());
        }
        return new LookupCall(this, new LookupCall.Means(reads, link, executor), request, slots).start();
    }

    private Slot slot(Object key) {
        KeyName keyName;
        try {
            keyName = KeyName.of(key);
        } catch (IllegalArgumentException e) {
            return unusable(KeyName.ofText(""), e);
        }
        KeyRef ref = ref(keyName);
        try {
            if (!format.keys().restores(key, keyName)) {
                return unusable(keyName, null);
            }
        } catch (RuntimeException | StackOverflowError e) {
            return unusable(keyName, e);
        }
        followed.remember(keyName, key);
        return reads.invalidationPending(names.cache(), keyName) ? new Slot(ref, UNAVAILABLE) : new Slot(ref);
    }

    private KeyRef ref(KeyName keyName) {
        ShardNames own = shardNames.get(names.layout().shardOf(keyName.logKey()));
        return new KeyRef(keyName, own.shard, own.entries + keyName.logKey(), own.stamp);
    }

    /** A key whose text does not lead back to it: no node could be told that it was invalidated, so nobody keeps it. */
    private Slot unusable(KeyName keyName, @Nullable Throwable cause) {
        events.publish(new RedisTierEvent.Undecodable(names.cache(), "a key that is not of the declared type"));
        LOG.log(Level.DEBUG, "a key of cache '" + names.cache() + "' does not survive being written and read", cause);
        return new Slot(ref(keyName), UNAVAILABLE);
    }

    void unreadable(Exception cause) {
        events.publish(new RedisTierEvent.Undecodable(names.cache(), "a value"));
        LOG.log(Level.DEBUG, "a value of cache '" + names.cache() + "' cannot be read and is replaced", cause);
    }

    void readFailed(String reason) {
        events.publish(new RedisTierEvent.ReadFailed(names.cache(), reason));
    }

    @Override
    public CompletionStage<List<FillOutcome>> fill(List<FillRequest> fills) {
        Link link = reads.commands();
        Pipeline pipeline = link == null ? null : link.pipeline();
        List<CompletableFuture<FillOutcome>> outcomes = new ArrayList<>(fills.size());
        for (FillRequest fill : fills) {
            outcomes.add(fill(pipeline, fill));
        }
        if (pipeline != null) {
            pipeline.send();
            reads.roundTrips().increment();
        }
        return CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new))
                .thenApply(
                        done -> outcomes.stream().map(CompletableFuture::join).toList());
    }

    private CompletableFuture<FillOutcome> fill(@Nullable Pipeline pipeline, FillRequest fill) {
        RedisLease lease = own(fill.lease());
        if (!reads.leases().use(lease)) {
            return CompletableFuture.completedFuture(FillOutcome.REFUSED);
        }
        if (pipeline == null) {
            return CompletableFuture.completedFuture(FillOutcome.UNAVAILABLE);
        }
        KeyRef key = lease.key();
        long fresh = EntryFormat.millis(fill.freshNanos());
        long keep = EntryFormat.millis(fill.keepNanos());
        byte[] entry;
        List<String> keys =
                new ArrayList<>(List.of(key.entry(), key.stamp(), key.shard().meta()));
        try {
            List<String> tags = Tags.ofValue(fill.tags());
            tags.forEach(tag -> keys.add(tagStamp(key.shard(), tag)));
            Tagged tagged = new Tagged(lease.sequence(), tags);
            entry = EntryFormat.value(
                    lease.stamp(), fresh, keep, format.body().encode(fill.value(), key.name(), tagged));
        } catch (FormatException | IllegalArgumentException e) {
            Leases.release(pipeline, key, lease.token());
            unstorable(e);
            return CompletableFuture.completedFuture(FillOutcome.UNSTORABLE);
        }
        return pipeline.eval(Script.FILL, keys, lease.token(), lease.stamp(), entry, keep, lease.sequence())
                .handle((reply, failure) -> outcome(lease, reply, failure));
    }

    private void unstorable(Exception cause) {
        events.publish(new RedisTierEvent.Unstorable(names.cache(), String.valueOf(cause.getMessage())));
        LOG.log(Level.DEBUG, "a value of cache '" + names.cache() + "' cannot be stored", cause);
    }

    @Override
    public CompletionStage<PutOutcome> put(PutRequest put) {
        RedisIntent intent = RedisIntent.own(put.intent());
        long fresh = EntryFormat.millis(put.freshNanos());
        long keep = EntryFormat.millis(put.keepNanos());
        List<String> tags = List.of();
        byte[] entry = null;
        try {
            tags = Tags.ofValue(put.tags());
            byte[] body = format.body().encode(put.value(), intent.key(), new Tagged(intent.sequence(), tags));
            entry = EntryFormat.value(intent.stamp(), fresh, keep, body);
        } catch (FormatException | IllegalArgumentException e) {
            unstorable(e);
        }
        return writers.put(intent, new Writers.Written(keep, format.shape(), tags), entry);
    }

    private FillOutcome outcome(RedisLease lease, @Nullable List<Object> reply, @Nullable Throwable failure) {
        if (reply == null || failure != null) {
            reads.leases().release(List.of(lease));
            return FillOutcome.UNAVAILABLE;
        }
        if ((Long) reply.get(0) == 1) {
            reads.stored().increment();
            return FillOutcome.STORED;
        }
        events.publish(new RedisTierEvent.FillRefused(names.cache()));
        return FillOutcome.REFUSED;
    }

    @Override
    public void release(List<Lease> leases) {
        reads.leases()
                .release(leases.stream()
                        .map(RedisCache::own)
                        .filter(reads.leases()::use)
                        .toList());
    }

    private static RedisLease own(Lease lease) {
        if (lease instanceof RedisLease own) {
            return own;
        }
        throw new IllegalArgumentException(
                "not a lease of this tier: " + lease.getClass().getName());
    }
}
