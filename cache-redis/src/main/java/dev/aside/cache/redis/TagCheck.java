package dev.aside.cache.redis;

import dev.aside.cache.redis.BodyFormat.Tagged;
import dev.aside.cache.redis.LookupCall.Found;
import dev.aside.cache.redis.LookupCall.Slot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which values a tag voids: those one of whose tags has no stamp, or a later one than the value's load. The
 * stamps are read after the values, so that a value that holds now held when it was read. Stateless.
 */
final class TagCheck {
    private final RedisCache cache;
    private final Link link;

    TagCheck(RedisCache cache, Link link) {
        this.cache = cache;
        this.link = link;
    }

    /** The stamps that matter to some values of one shard, by the texts of the tags. */
    private record ShardTags(Shard shard, List<String> texts, CompletableFuture<List<byte[]>> stamps) {}

    /**
     * @param then gets the slots whose values are void; at once if none has tags. If the stamps cannot be read, those are
     *     all that have tags
     */
    void check(List<Found> values, Consumer<Set<Slot>> then) {
        Map<Found, Tagged> tagged = new LinkedHashMap<>();
        for (Found value : values) {
            Tagged tags = BodyFormat.tagged(value.live().entry(), EntryFormat.PREFIX);
            if (!tags.texts().isEmpty()) {
                tagged.put(value, tags);
            }
        }
        if (tagged.isEmpty()) {
            then.accept(Set.of());
            return;
        }
        List<ShardTags> reads = read(tagged);
        CompletableFuture.allOf(reads.stream().map(ShardTags::stamps).toArray(CompletableFuture[]::new))
                .whenComplete((done, failure) -> then.accept(gone(tagged, failure == null ? reads : List.of())));
    }

    private List<ShardTags> read(Map<Found, Tagged> tagged) {
        Map<Shard, Set<String>> byShard = new LinkedHashMap<>();
        tagged.forEach((value, tags) ->
                byShard.computeIfAbsent(value.shard(), shard -> new HashSet<>()).addAll(tags.texts()));
        Pipeline pipeline = link.pipeline();
        List<ShardTags> reads = new ArrayList<>();
        byShard.forEach((shard, set) -> {
            List<String> texts = List.copyOf(set);
            List<String> keys =
                    texts.stream().map(text -> cache.tagStamp(shard, text)).toList();
            reads.add(new ShardTags(shard, texts, pipeline.mget(keys)));
        });
        pipeline.send();
        return reads;
    }

    private static Set<Slot> gone(Map<Found, Tagged> tagged, List<ShardTags> reads) {
        Map<Shard, Map<String, byte[]>> stamps = new HashMap<>();
        for (ShardTags read : reads) {
            Map<String, byte[]> own = stamps.computeIfAbsent(read.shard(), shard -> new HashMap<>());
            for (int i = 0; i < read.texts().size(); i++) {
                own.put(read.texts().get(i), read.stamps().join().get(i));
            }
        }
        Set<Slot> gone = new HashSet<>();
        tagged.forEach((value, tags) -> {
            Map<String, byte[]> own = stamps.getOrDefault(value.shard(), Map.of());
            byte[] entry = value.live().entry();
            // Guards against race: a tag invalidated after the value was stored
            // (TagsIT.invalidateTags_valueStored_isGoneOnAllNodes,
            // TagsIT.stamp_lostAndInvalidatedAndMadeUpAgain_theOldValueDoesNotComeBack)
            if (tags.texts().stream().anyMatch(text -> step(own.get(text), entry) > tags.sequence())) {
                gone.add(value.slot());
            }
        });
        return gone;
    }

    /** The sequence of a stamp of the entry's generation; later than any value's load if it is none. */
    private static long step(byte @Nullable [] stamp, byte[] entry) {
        int generation = EntryFormat.GENERATION;
        if (stamp == null
                || stamp.length <= generation
                || !Arrays.equals(stamp, 0, generation, entry, 1, 1 + generation)) {
            return Long.MAX_VALUE;
        }
        try {
            return Long.parseLong(
                    new String(stamp, generation, stamp.length - generation, StandardCharsets.ISO_8859_1));
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }
}
