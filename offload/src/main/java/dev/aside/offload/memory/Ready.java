package dev.aside.offload.memory;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Waiting named jobs by type: ready ones in order, delayed ones by due time. Guarded by the store's lock. */
final class Ready {
    private static final Comparator<Entry> ORDER =
            Comparator.comparingLong((Entry entry) -> entry.order).thenComparingLong(entry -> entry.sequence);

    private final Map<String, NavigableSet<Entry>> ready = new HashMap<>();
    private final Map<String, NavigableSet<Entry>> delayed = new HashMap<>();
    private long sequence;

    /** Lets a job start as soon as its turn comes. */
    void ready(Entry entry, long now) {
        place(ready, entry, now + entry.record.priority().penalty().toNanos());
    }

    /** Lets a job become ready later. */
    void delayed(Entry entry, long dueNanos) {
        place(delayed, entry, dueNanos);
    }

    private void place(Map<String, NavigableSet<Entry>> queues, Entry entry, long order) {
        remove(entry);
        entry.order = order;
        entry.sequence = ++sequence; // from 1: an entry that waits nowhere has 0 and equals no other
        queues.computeIfAbsent(entry.record.type(), type -> new TreeSet<>(ORDER))
                .add(entry);
    }

    /** Takes a job out, wherever it waits. */
    void remove(Entry entry) {
        removeFrom(ready, entry);
        removeFrom(delayed, entry);
    }

    private static void removeFrom(Map<String, NavigableSet<Entry>> queues, Entry entry) {
        NavigableSet<Entry> queue = queues.get(entry.record.type());
        if (queue != null && queue.remove(entry) && queue.isEmpty()) {
            queues.remove(entry.record.type());
        }
    }

    /** A delayed job of the type that is due, taken out; null if there is none. */
    @Nullable Entry due(String type, long now) {
        NavigableSet<Entry> queue = delayed.get(type);
        if (queue == null || queue.first().order - now > 0) {
            return null;
        }
        Entry entry = queue.first();
        remove(entry);
        return entry;
    }

    /** The next ready job of the type, left where it is; null if there is none. */
    @Nullable Entry first(String type) {
        NavigableSet<Entry> queue = ready.get(type);
        return queue == null ? null : queue.first();
    }

    int waiting(String type) {
        NavigableSet<Entry> now = ready.get(type);
        NavigableSet<Entry> later = delayed.get(type);
        return (now == null ? 0 : now.size()) + (later == null ? 0 : later.size());
    }

    /** Until the first delayed job of these types is due; null if there is none. */
    @Nullable Duration untilNextDue(Iterable<String> types, long now) {
        long next = Long.MAX_VALUE;
        for (String type : types) {
            NavigableSet<Entry> queue = delayed.get(type);
            if (queue != null) {
                next = Math.min(next, queue.first().order - now);
            }
        }
        return next == Long.MAX_VALUE ? null : Duration.ofNanos(Math.max(0, next));
    }
}
