package dev.aside.cache.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What one entry of an invalidation log says: {@code generation node cache key}, the first three without spaces. */
final class LogEntry {
    /** The only field of an entry. */
    static final String FIELD = "e";

    private static final int HEAD = 3;

    private final String[] head;
    private final byte[] logKey;

    private LogEntry(String[] head, byte[] logKey) {
        this.head = head;
        this.logKey = logKey;
    }

    /** What a script is given to append; it puts the generation in front. */
    static String written(String node, String cache, String logKey) {
        return node + ' ' + cache + ' ' + logKey;
    }

    /** The entry that these bytes are; null if they are none. */
    static @Nullable LogEntry read(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        String[] head = new String[HEAD];
        int from = 0;
        for (int part = 0; part < HEAD; part++) {
            int to = from;
            while (to < bytes.length && bytes[to] != ' ') {
                to++;
            }
            if (to == bytes.length) {
                return null;
            }
            head[part] = new String(bytes, from, to - from, StandardCharsets.UTF_8);
            from = to + 1;
        }
        return new LogEntry(head, Arrays.copyOfRange(bytes, from, bytes.length));
    }

    /** Of the shard, when it was written. */
    String generation() {
        return head[0];
    }

    /** Who wrote it. */
    String node() {
        return head[1];
    }

    /** Whose key, tag or all keys are meant. */
    String cache() {
        return head[2];
    }

    /** Bytes that somebody may have damaged. */
    byte[] logKey() {
        return logKey;
    }
}
