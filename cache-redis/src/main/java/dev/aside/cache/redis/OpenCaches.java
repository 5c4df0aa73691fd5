package dev.aside.cache.redis;

import dev.aside.cache.spi.NodeCache;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The caches that are open in this process, as the log reader sees them. Thread-safe. */
final class OpenCaches {
    /** Keys that are known by their hash only; beyond this many they are all forgotten, and the cache with them. */
    static final int MAX_HASHED = 10_000;

    private final ConcurrentMap<String, Followed> caches = new ConcurrentHashMap<>();
    private final Events events;

    OpenCaches(Events events) {
        this.events = events;
    }

    Followed open(String name, KeyCodec keys, NodeCache node) {
        Followed cache = new Followed(name, keys, node);
        if (caches.putIfAbsent(name, cache) != null) {
            throw new IllegalArgumentException("the cache '" + name + "' is open already");
        }
        return cache;
    }

    /**
     * Applies one entry of the log.
     *
     * @param logKey as it stands in the log
     */
    void apply(String name, byte[] logKey) {
        Followed cache = caches.get(name);
        if (cache != null) {
            cache.apply(logKey);
        }
    }

    void clearAll(String reason) {
        Collection<Followed> all = caches.values();
        all.forEach(cache -> cache.clear(reason));
    }

    /** One open cache. */
    final class Followed {
        private final String name;
        private final KeyCodec keys;
        private final NodeCache node;
        private final ConcurrentMap<String, Object> hashed = new ConcurrentHashMap<>();

        private Followed(String name, KeyCodec keys, NodeCache node) {
            this.name = name;
            this.keys = keys;
            this.node = node;
        }

        /** Remembers which key a hash stands for. Comes before the lookup whose result the process may keep. */
        void remember(KeyName keyName, Object key) {
            if (!keyName.hashed()) {
                return;
            }
            hashed.put(keyName.logKey(), key);
            if (hashed.size() > MAX_HASHED) {
                // Guards against race: a key put before this is forgotten is disowned by the clear that follows
                // (OpenCachesTest.hashedKeys_beyondTheLimit_clearTheCache)
                hashed.clear();
                clear("too many long keys");
                hashed.put(keyName.logKey(), key);
            }
        }

        private void apply(byte[] bytes) {
            String logKey = utf8(bytes);
            if (logKey == null || logKey.isEmpty()) {
                unreadable();
            } else if (logKey.charAt(0) == '#') {
                Object key = hashed.get(logKey);
                if (key != null) {
                    node.invalidated(key);
                }
            } else if (logKey.equals(KeyName.ALL)) {
                node.cleared();
            } else if (Tags.isLogged(logKey)) {
                applyTag(Tags.textOfLogged(logKey));
            } else {
                Object key = logKey.charAt(0) == ':' ? decode(logKey.substring(1)) : null;
                if (key == null) {
                    unreadable();
                } else {
                    node.invalidated(key);
                }
            }
        }

        private void applyTag(String text) {
            String tag;
            try {
                tag = Tags.tag(text);
            } catch (RuntimeException e) { // whatever somebody wrote there
                unreadable();
                return;
            }
            node.tagInvalidated(tag);
        }

        private @Nullable Object decode(String text) {
            try {
                return keys.decode(text);
            } catch (RuntimeException | StackOverflowError e) { // whatever a parser or a key's constructor throws
                return null;
            }
        }

        private void unreadable() {
            events.publish(new RedisTierEvent.Undecodable(name, "a key in the log"));
            clear("a key in the log that cannot be read");
        }

        private void clear(String reason) {
            node.cleared();
            events.publish(new RedisTierEvent.Cleared(name, reason));
        }
    }

    private static @Nullable String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
