package dev.aside.cache.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Invalidations that have not reached Redis yet. Thread-safe: everything under its own lock.
 *
 * <p>Bounded: when there are too many keys, those of the cache that has most become one clear of that cache, which says
 * at least as much.
 */
final class PendingJournal {
    private final int limit;
    private final Events events;
    private final Map<String, Map<String, Long>> waiting = new LinkedHashMap<>();
    private long count;
    private volatile int size;

    PendingJournal(int limit, Events events) {
        this.limit = limit;
        this.events = events;
    }

    /** One key of one cache; {@link KeyName#ALL} stands for all keys. */
    record Item(String cache, String logKey, long number) {}

    void add(String cache, List<String> logKeys) {
        synchronized (this) {
            Map<String, Long> keys = waiting.computeIfAbsent(cache, name -> new LinkedHashMap<>());
            if (logKeys.contains(KeyName.ALL) || keys.containsKey(KeyName.ALL)) {
                replaceByClear(keys);
            } else {
                logKeys.forEach(key -> keys.put(key, ++count));
            }
            measure();
            if (size > limit) {
                waiting.values().stream()
                        .max((a, b) -> Integer.compare(a.size(), b.size()))
                        .ifPresent(this::replaceByClear);
                measure();
            }
        }
        events.publish(new RedisTierEvent.Pending(size));
    }

    private void replaceByClear(Map<String, Long> keys) {
        keys.clear();
        keys.put(KeyName.ALL, ++count);
    }

    /** Whether a value of the key may be older than an invalidation of this node's. */
    boolean covers(String cache, String logKey) {
        if (size == 0) {
            return false;
        }
        synchronized (this) {
            Map<String, Long> keys = waiting.get(cache);
            return keys != null && (keys.containsKey(logKey) || keys.containsKey(KeyName.ALL));
        }
    }

    int size() {
        return size;
    }

    synchronized List<Item> oldest(int max) {
        List<Item> items = new ArrayList<>();
        waiting.forEach((cache, keys) -> keys.forEach((logKey, number) -> {
            if (items.size() < max) {
                items.add(new Item(cache, logKey, number));
            }
        }));
        return items;
    }

    /** Forgets what was delivered, unless it was invalidated once more since it was taken. */
    void delivered(List<Item> items) {
        synchronized (this) {
            for (Item item : items) {
                Map<String, Long> keys = waiting.get(item.cache());
                if (keys != null && keys.remove(item.logKey(), item.number()) && keys.isEmpty()) {
                    waiting.remove(item.cache());
                }
            }
            measure();
        }
        events.publish(new RedisTierEvent.Pending(size));
    }

    private void measure() {
        size = waiting.values().stream().mapToInt(Map::size).sum();
    }
}
