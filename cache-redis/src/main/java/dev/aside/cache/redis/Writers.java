package dev.aside.cache.redis;

import dev.aside.cache.redis.ShardScripts.Call;
import dev.aside.cache.spi.Intent;
import dev.aside.cache.spi.PutOutcome;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Announces writes, and ends them with the value they wrote. Whatever goes wrong on the way ends as an invalidation,
 * delivered now or later. Thread-safe; completes on the command connection's thread.
 */
final class Writers {
    private static final Logger LOG = System.getLogger(RedisTier.class.getName());
    private static final String NOT_OPEN = "";

    private final Layout layout;
    private final List<Shard> shards;
    private final ShardScripts scripts;
    private final Invalidator invalidator;
    private final Announcing announcing;
    private final ConcurrentMap<String, String> openShapes = new ConcurrentHashMap<>();

    /** @param guardMillis how long an announcement stands that nobody ends */
    record Announcing(Tokens tokens, long guardMillis, Events events) {}

    Writers(Layout layout, List<Shard> shards, ShardScripts scripts, Invalidator invalidator, Announcing announcing) {
        this.layout = layout;
        this.shards = shards;
        this.scripts = scripts;
        this.invalidator = invalidator;
        this.announcing = announcing;
    }

    /** From now on values of this shape can be put into the cache from here. */
    void opened(String cache, String shape) {
        openShapes.put(cache, shape);
    }

    /**
     * Announces writes of keys; see {@link dev.aside.cache.spi.RemoteTier#announce}.
     *
     * @return one intent per key; empty if not all could be placed, whereupon none stands for long
     * @throws IllegalArgumentException if a key has no text
     */
    CompletableFuture<List<Intent>> announce(String cache, List<?> keys) {
        List<KeyName> names = keys.stream().map(KeyName::of).toList();
        if (!scripts.reachable()) {
            notAnnounced(cache, "not connected");
            return CompletableFuture.completedFuture(List.of());
        }
        Map<KeyName, RedisIntent> placed = new ConcurrentHashMap<>();
        List<CompletableFuture<Boolean>> calls =
                parts(cache, names).stream().map(part -> begin(part, placed)).toList();
        return CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)).thenApply(done -> {
            if (calls.stream().allMatch(CompletableFuture::join)) {
                return names.stream().<Intent>map(placed::get).toList();
            }
            // what stands although the whole does not would keep its keys from being cached until its guard time is
            // over
            takeBack(cache, placed.values());
            return List.of();
        });
    }

    /** Some keys of one shard that are announced in one go, each by a token. */
    private record Part(String cache, Shard shard, Map<KeyName, String> tokens) {}

    private List<Part> parts(String cache, List<KeyName> names) {
        Map<Shard, Part> open = new HashMap<>();
        List<Part> parts = new ArrayList<>();
        for (KeyName name : new LinkedHashSet<>(names)) {
            Shard shard = shards.get(layout.shardOf(name.logKey()));
            Part part = open.get(shard);
            if (part == null || part.tokens().size() == Invalidator.KEYS_PER_CALL) {
                part = new Part(cache, shard, new LinkedHashMap<>());
                open.put(shard, part);
                parts.add(part);
            }
            part.tokens().put(name, announcing.tokens().lease());
        }
        return parts;
    }

    /** Whether a part was announced; if nobody knows, it is taken back. */
    private CompletableFuture<Boolean> begin(Part part, Map<KeyName, RedisIntent> placed) {
        return scripts.run(part.shard(), part.cache(), shapes -> beginCall(part, shapes))
                .handle((reply, failure) -> {
                    if (reply == null || failure != null) {
                        notAnnounced(part.cache(), String.valueOf(failure));
                        // Guards against race: the announcement arrives after all, and nobody would end it
                        // (WritersFaultIT.announce_replyLost_isTakenBack)
                        takeBack(part.cache(), intents(part, NOT_OPEN, 0));
                        return false;
                    }
                    if (((byte[]) reply.get(0))[0] != 'K') {
                        notAnnounced(part.cache(), "a key has too many writers");
                        return false;
                    }
                    intents(part, Attachment.text(reply.get(3)), (Long) reply.get(2))
                            .forEach(intent -> placed.put(intent.key(), intent));
                    return true;
                });
    }

    private static List<RedisIntent> intents(Part part, String stamp, long sequence) {
        List<RedisIntent> intents = new ArrayList<>();
        part.tokens().forEach((key, token) -> intents.add(new RedisIntent(part.cache(), key, token, stamp, sequence)));
        return intents;
    }

    private Call beginCall(Part part, String shapes) {
        int shard = part.shard().index();
        String cache = part.cache();
        List<Object> args = new ArrayList<>(List.of(
                shapes, announcing.guardMillis(), openShapes.getOrDefault(cache, NOT_OPEN), Tokens.generation()));
        part.tokens().forEach((key, token) -> {
            args.add(scripts.logged(cache, key.logKey()));
            args.add(token);
        });
        List<String> logKeys =
                part.tokens().keySet().stream().map(KeyName::logKey).toList();
        return new Call(Script.BEGIN, layout.touched(shard, cache, shapes, logKeys), args);
    }

    private void takeBack(String cache, Collection<RedisIntent> intents) {
        if (!intents.isEmpty()) {
            Map<String, String> targets = new LinkedHashMap<>();
            intents.forEach(intent -> targets.put(intent.logKey(), intent.token()));
            invalidator.later(cache, targets);
        }
    }

    private void notAnnounced(String cache, String why) {
        announcing.events().publish(new RedisTierEvent.NotAnnounced(cache, why));
        LOG.log(Level.DEBUG, "a write in cache '" + cache + "' could not be announced: " + why);
    }

    /**
     * How a written value is stored.
     *
     * @param tags the texts of its tags
     */
    record Written(long keepMillis, String shape, List<String> tags) {}

    /**
     * Ends an announced write with its value; or, should that not be allowed or possible, with an invalidation.
     *
     * @param entry what is stored; null if the value cannot be
     */
    CompletableFuture<PutOutcome> put(RedisIntent intent, Written written, byte @Nullable [] entry) {
        if (entry == null || intent.stamp().isEmpty()) {
            return invalidator.end(List.of(intent)).thenApply(delivery -> switch (delivery) {
                case DONE -> PutOutcome.INVALIDATED;
                case PENDING -> PutOutcome.PENDING;
            });
        }
        Shard shard = shards.get(layout.shardOf(intent.logKey()));
        return scripts.run(shard, intent.cache(), shapes -> put(shard, shapes, intent, written, entry))
                .handle((reply, failure) -> {
                    if (reply == null || failure != null) {
                        // Guards against race: the put arrives after all, later than the next write
                        // (WritersFaultIT.put_replyLost_isPendingAndTheKeyIsInvalidated)
                        invalidator.later(intent.cache(), Map.of(intent.logKey(), intent.token()));
                        return PutOutcome.PENDING;
                    }
                    invalidator.delivered(intent.cache(), intent.logKey());
                    if ((Long) reply.get(3) == 1) {
                        return PutOutcome.STORED;
                    }
                    announcing.events().publish(new RedisTierEvent.PutRefused(intent.cache()));
                    return PutOutcome.INVALIDATED;
                });
    }

    private Call put(Shard shard, String known, RedisIntent intent, Written written, byte[] entry) {
        String cache = intent.cache();
        String shapes = known.contains(written.shape()) ? known : known + written.shape();
        List<String> all = layout.entries(shard.index(), cache, shapes, intent.logKey());
        String own = layout.entry(shard.index(), cache, written.shape(), intent.logKey());
        List<String> keys = new ArrayList<>(List.of(
                shard.meta(),
                shard.log(),
                layout.stamp(shard.index(), cache),
                layout.writers(shard.index(), cache, intent.logKey()),
                own));
        written.tags().forEach(tag -> keys.add(layout.tagStamp(shard.index(), cache, tag)));
        all.stream().filter(name -> !name.equals(own)).forEach(keys::add);
        return new Call(
                Script.PUT,
                keys,
                List.of(
                        shapes,
                        scripts.logged(cache, intent.logKey()),
                        intent.token(),
                        intent.stamp(),
                        intent.sequence(),
                        entry,
                        written.keepMillis(),
                        written.tags().size()));
    }
}
