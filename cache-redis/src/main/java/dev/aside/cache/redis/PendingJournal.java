package dev.aside.cache.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Invalidations that have not reached Redis yet. Thread-safe: everything under its own lock.
 *
 * <p>Bounded: when there are too many keys, those of the cache that has most become one clear of that cache, which says
 * at least as much. Announced writes that would have ended by one of them then stand until their guard time is over.
 */
final class PendingJournal {
    /** More tokens of one key are not remembered; their announcements end with their guard time. */
    private static final int MOST_TOKENS = 64 * EntryFormat.TOKEN;

    private final int limit;
    private final Events events;
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();
    private long count;
    private volatile int size;

    PendingJournal(int limit, Events events) {
        this.limit = limit;
        this.events = events;
    }

    /**
     * One key of one cache; {@link KeyName#ALL} stands for all keys, what {@link Tags#logged} gives for a tag.
     *
     * @param tokens those of the announced writes that end by it, one after the other
     */
    record Item(String cache, String logKey, long number, String tokens) {}

    /** What waits of one cache. */
    private static final class Waiting {
        final Map<String, Item> items = new LinkedHashMap<>();
        int tags;
    }

    void add(String cache, List<String> logKeys) {
        Map<String, String> targets = new LinkedHashMap<>();
        logKeys.forEach(logKey -> targets.put(logKey, ""));
        add(cache, targets);
    }

    /** @param targets log keys, each with the tokens of the announced writes that end by it */
    void add(String cache, Map<String, String> targets) {
        synchronized (this) {
            Waiting own = waiting.computeIfAbsent(cache, name -> new Waiting());
            if (targets.containsKey(KeyName.ALL) || own.items.containsKey(KeyName.ALL)) {
                replaceByClear(cache, own);
            } else {
                targets.forEach((logKey, tokens) -> put(cache, own, logKey, tokens));
            }
            measure();
            if (size > limit) {
                waiting.entrySet().stream()
                        .max((a, b) -> Integer.compare(
                                a.getValue().items.size(), b.getValue().items.size()))
                        .ifPresent(most -> replaceByClear(most.getKey(), most.getValue()));
                measure();
            }
        }
        events.publish(new RedisTierEvent.Pending(size));
    }

    private void put(String cache, Waiting own, String logKey, String tokens) {
        Item before = own.items.get(logKey);
        String all = before == null ? tokens : before.tokens() + tokens;
        own.items.put(logKey, new Item(cache, logKey, ++count, all.substring(0, Math.min(all.length(), MOST_TOKENS))));
        if (before == null && Tags.isLogged(logKey)) {
            own.tags++;
        }
    }

    private void replaceByClear(String cache, Waiting own) {
        own.items.clear();
        own.tags = 0;
        own.items.put(KeyName.ALL, new Item(cache, KeyName.ALL, ++count, ""));
    }

    /** Whether a value of the key may be older than an invalidation of this node's; nobody knows who carries a tag. */
    boolean covers(String cache, String logKey) {
        if (size == 0) {
            return false;
        }
        synchronized (this) {
            Waiting own = waiting.get(cache);
            return own != null && (own.tags > 0 || own.items.containsKey(logKey) || own.items.containsKey(KeyName.ALL));
        }
    }

    int size() {
        return size;
    }

    synchronized List<Item> oldest(int max) {
        List<Item> items = new ArrayList<>();
        for (Waiting own : waiting.values()) {
            for (Item item : own.items.values()) {
                if (items.size() == max) {
                    return items;
                }
                items.add(item);
            }
        }
        return items;
    }

    /** Forgets what was delivered, unless it was invalidated once more since it was taken. */
    void delivered(List<Item> items) {
        synchronized (this) {
            items.forEach(this::forget);
            measure();
        }
        events.publish(new RedisTierEvent.Pending(size));
    }

    private void forget(Item item) {
        @Nullable Waiting own = waiting.get(item.cache());
        if (own == null || !own.items.remove(item.logKey(), item)) {
            return;
        }
        if (Tags.isLogged(item.logKey())) {
            own.tags--;
        }
        if (own.items.isEmpty()) {
            waiting.remove(item.cache());
        }
    }

    private void measure() {
        size = waiting.values().stream().mapToInt(own -> own.items.size()).sum();
    }
}
