package dev.aside.cache.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * This node's own delivered invalidations of the last minute, to be issued once more if the server turns out to have
 * lost its history. Thread-safe: everything under its own lock.
 *
 * <p>Bounded: an invalidation that has to make room is remembered as a clear of its cache.
 */
final class RecentJournal {
    private final Ticker ticker;
    private final long spanNanos;
    private final int limit;
    private final Map<Item, Long> recent = new LinkedHashMap<>();
    private final Deque<Item> again = new ArrayDeque<>();

    RecentJournal(Ticker ticker, long spanNanos, int limit) {
        this.ticker = ticker;
        this.spanNanos = spanNanos;
        this.limit = limit;
    }

    /** One key or tag of one cache; {@link KeyName#ALL} stands for all keys. */
    record Item(String cache, String logKey) {}

    synchronized void add(String cache, Collection<String> logKeys) {
        long now = ticker.read();
        logKeys.forEach(key -> put(new Item(cache, key), now));
        Iterator<Map.Entry<Item, Long>> eldest = recent.entrySet().iterator();
        List<Item> dropped = new ArrayList<>();
        while (eldest.hasNext()) {
            Map.Entry<Item, Long> entry = eldest.next();
            boolean old = now - entry.getValue() > spanNanos;
            if (!old && recent.size() <= limit) {
                break;
            }
            if (!old) {
                dropped.add(new Item(entry.getKey().cache(), KeyName.ALL));
            }
            eldest.remove();
        }
        dropped.forEach(item -> put(item, now));
    }

    private void put(Item item, long now) {
        recent.remove(item); // the eldest first, by the last time
        recent.put(item, now);
    }

    /** Marks everything remembered to be issued once more, each key once. */
    synchronized void issueAgain() {
        long now = ticker.read();
        again.clear();
        recent.forEach((item, time) -> {
            if (now - time <= spanNanos) {
                again.add(item);
            }
        });
    }

    /** Takes the next ones to be issued once more. */
    synchronized List<Item> next(int max) {
        List<Item> items = new ArrayList<>();
        while (items.size() < max && !again.isEmpty()) {
            items.add(again.remove());
        }
        return items;
    }
}
