package dev.aside.offload.memory;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.Payload;
import org.jspecify.annotations.Nullable;

/** One job in the in-memory store. Guarded by the store's lock. */
final class Entry {
    /** What a record, its map entry and its place in the indexes weigh without texts; measured once, rounded up. */
    private static final long OVERHEAD = 768;

    JobRecord record;

    @Nullable Payload result;

    long resultWeight;
    /** Grows with every end, so that an expiry of an earlier end is recognised as out of date. */
    int ends;

    Entry(JobRecord record) {
        this.record = record;
    }

    long weight() {
        return OVERHEAD
                + 2L
                        * (record.type().length()
                                + record.node().length()
                                + record.reason().length()
                                + record.error().length()
                                + record.progress().message().length())
                + resultWeight;
    }
}
