package dev.aside.offload.memory;

import java.util.Map;
import java.util.PriorityQueue;

/**
 * How long finished jobs stay. Results go first, by age and when bytes run out; records follow, by age, when there are
 * too many, and when bytes still do not suffice. Unfinished jobs always stay. Guarded by the store's lock.
 */
final class Retention {
    private final Map<String, Entry> entries;
    private final int maxJobs;
    private final long maxBytes;
    private final long resultNanos;
    private final long recordNanos;
    private final PriorityQueue<Expiry> results = new PriorityQueue<>();
    private final PriorityQueue<Expiry> records = new PriorityQueue<>();
    private long bytes;

    Retention(Map<String, Entry> entries, InMemoryJobStore.Builder options) {
        this.entries = entries;
        this.maxJobs = options.maxJobs;
        this.maxBytes = options.maxBytes;
        this.resultNanos = options.resultTtl.toNanos();
        this.recordNanos = options.recordTtl.toNanos();
    }

    long bytes() {
        return bytes;
    }

    void added(Entry entry) {
        bytes += entry.weight();
    }

    void removed(Entry entry) {
        bytes -= entry.weight();
    }

    /** To be told of every change with the weight before it. */
    void changed(Entry entry, long weightBefore) {
        bytes += entry.weight() - weightBefore;
    }

    void ended(Entry entry, long now) {
        entry.ends++;
        if (entry.result != null) {
            results.add(new Expiry(entry, entry.ends, now + resultNanos));
        }
        records.add(new Expiry(entry, entry.ends, now + recordNanos));
    }

    /** Drops what is over its time or over the bounds. */
    void sweep(long now) {
        while (isDue(results, now) || (bytes > maxBytes && !results.isEmpty())) {
            dropResult(results.remove());
        }
        while (isDue(records, now) || ((bytes > maxBytes || entries.size() > maxJobs) && !records.isEmpty())) {
            dropRecord(records.remove());
        }
    }

    /** Drops the oldest finished record, whatever its age, if there is one. */
    void makeRoom() {
        int before = entries.size();
        while (entries.size() == before && !records.isEmpty()) {
            dropRecord(records.remove());
        }
    }

    private static boolean isDue(PriorityQueue<Expiry> queue, long now) {
        Expiry first = queue.peek();
        return first != null && first.deadline - now <= 0;
    }

    private void dropResult(Expiry expiry) {
        Entry entry = expiry.entry;
        if (expiry.isCurrent() && entry.result != null) {
            bytes -= entry.resultWeight;
            entry.result = null;
            entry.resultWeight = 0;
        }
    }

    private void dropRecord(Expiry expiry) {
        Entry entry = expiry.entry;
        if (expiry.isCurrent() && entries.remove(entry.record.id(), entry)) {
            bytes -= entry.weight();
        }
    }

    private record Expiry(Entry entry, int end, long deadline) implements Comparable<Expiry> {
        boolean isCurrent() {
            return entry.ends == end && entry.record.state().isTerminal();
        }

        @Override
        public int compareTo(Expiry other) {
            return Long.signum(deadline - other.deadline);
        }
    }
}
