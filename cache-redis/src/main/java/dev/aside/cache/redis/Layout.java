package dev.aside.cache.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/** The names of all Redis keys of a namespace, and which shard a cache key belongs to. Immutable. */
final class Layout {
    /** Cache entries whose log key is longer than this many bytes are named by a hash. */
    static final int MAX_KEY_BYTES = 512;

    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
    private static final Pattern CACHE = Pattern.compile("[A-Za-z0-9._-]{1,128}");
    private static final int MAX_SHARDS = 256;

    private final String namespace;
    private final int shards;
    private final List<String> tags;

    Layout(String namespace, int shards) {
        if (!NAMESPACE.matcher(namespace).matches()) {
            throw new IllegalArgumentException(
                    "the namespace '" + namespace + "' is not 1 to 64 letters, digits, '.', '_', ':' or '-'");
        }
        if (shards < 1 || shards > MAX_SHARDS || Integer.bitCount(shards) != 1) {
            throw new IllegalArgumentException(
                    "the number of shards is a power of two from 1 to " + MAX_SHARDS + ", but it is " + shards);
        }
        this.namespace = namespace;
        this.shards = shards;
        this.tags = IntStream.range(0, shards)
                .mapToObj(shard -> '{' + namespace + ':' + shard + '}')
                .toList();
    }

    static String checkCache(String name) {
        if (!CACHE.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "the cache name '" + name + "' is not 1 to 128 letters, digits, '.', '_' or '-'");
        }
        return name;
    }

    String namespace() {
        return namespace;
    }

    int shards() {
        return shards;
    }

    /** The shard of a key: the same for all caches, all nodes and all versions of this library. */
    int shardOf(String logKey) {
        if (shards == 1) {
            return 0;
        }
        CRC32C crc = new CRC32C();
        crc.update(logKey.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue() & (shards - 1);
    }

    /** Hash: generation, sequence, server history, number of shards. */
    String meta(int shard) {
        return tag(shard) + 'm';
    }

    /** Stream: the invalidation log. */
    String log(int shard) {
        return tag(shard) + 'x';
    }

    /** String: what a cache's entries have to carry to count. */
    String stamp(int shard, String cache) {
        return tag(shard) + "c:" + cache;
    }

    /** String: a value or a lease. */
    String entry(int shard, String cache, String shape, String logKey) {
        return entries(shard, cache, shape) + logKey;
    }

    /** What the names of a cache's entries of one shape begin with. */
    String entries(int shard, String cache, String shape) {
        return tag(shard) + "e:" + cache + '/' + shape;
    }

    /** Those a key's entries may have, in some shapes of {@value EntryFormat#SHAPE} characters each. */
    List<String> entries(int shard, String cache, String shapes, String logKey) {
        List<String> names = new ArrayList<>();
        for (int at = 0; at < shapes.length(); at += EntryFormat.SHAPE) {
            names.add(entry(shard, cache, shapes.substring(at, at + EntryFormat.SHAPE), logKey));
        }
        return names;
    }

    /** What a script touches that invalidates keys: meta, log, stamp, then each key's writers, then each key's entries. */
    List<String> touched(int shard, String cache, String shapes, Collection<String> logKeys) {
        int each = 1 + shapes.length() / EntryFormat.SHAPE;
        List<String> names = new ArrayList<>(3 + each * logKeys.size());
        names.add(meta(shard));
        names.add(log(shard));
        names.add(stamp(shard, cache));
        logKeys.forEach(logKey -> names.add(writers(shard, cache, logKey)));
        logKeys.forEach(logKey -> names.addAll(entries(shard, cache, shapes, logKey)));
        return names;
    }

    /** String: the announced writes of a key, whatever the shape of its values. */
    String writers(int shard, String cache, String logKey) {
        return tag(shard) + "w:" + cache + '/' + logKey;
    }

    /**
     * String: when a tag of a cache was invalidated last.
     *
     * @param text the tag as {@link Tags} writes it
     */
    String tagStamp(int shard, String cache, String text) {
        return tag(shard) + "t:" + cache + '/' + KeyName.ofText(text).logKey();
    }

    private String tag(int shard) {
        return tags.get(shard);
    }
}
