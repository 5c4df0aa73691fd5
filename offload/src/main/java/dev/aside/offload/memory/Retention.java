package dev.aside.offload.memory;

import dev.aside.offload.job.JobKind;
import dev.aside.offload.job.JobState;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

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
    private final long deadNanos;
    private final Keys keys;
    private final PriorityQueue<Expiry> results = new PriorityQueue<>();
    private final PriorityQueue<Expiry> records = new PriorityQueue<>();
    private long bytes;

    Retention(Map<String, Entry> entries, Keys keys, InMemoryJobStore.Builder options) {
        this.keys = keys;
        this.entries = entries;
        this.maxJobs = options.maxJobs;
        this.maxBytes = options.maxBytes;
        this.resultNanos = options.resultTtl.toNanos();
        this.recordNanos = options.recordTtl.toNanos();
        this.deadNanos = options.deadTtl.toNanos();
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
        records.add(new Expiry(entry, entry.ends, now + (isDead(entry) ? deadNanos : recordNanos)));
    }

    /** Whether a finished job is in the dead set: it may be run again. */
    static boolean isDead(Entry entry) {
        return entry.record.state() == JobState.FAILED && entry.record.kind() == JobKind.NAMED;
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

    /** Drops these finished jobs now, and what would have dropped them later: it holds on to payloads. */
    void purge(Collection<Entry> doomed) {
        Set<Entry> all = new HashSet<>(doomed);
        for (Entry entry : all) {
            entries.remove(entry.record.id());
            bytes -= entry.weight();
            keys.forget(entry);
        }
        results.removeIf(expiry -> all.contains(expiry.entry));
        records.removeIf(expiry -> all.contains(expiry.entry));
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
            keys.forget(entry);
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
