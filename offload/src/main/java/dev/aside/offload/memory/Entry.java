package dev.aside.offload.memory;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.Owner;
import org.jspecify.annotations.Nullable;

/** One job in the in-memory store. Guarded by the store's lock. */
final class Entry {
    /** What a record, its map entry and its place in the indexes weigh without texts; measured once, rounded up. */
    private static final long OVERHEAD = 768;

    JobRecord record;

    @Nullable Payload payload;

    long payloadWeight;

    @Nullable Payload result;

    long resultWeight;
    /** Grows with every end, so that an expiry of an earlier end is recognised as out of date. */
    int ends;
    /** Its place among the dead, the last one has the largest; 0 while it is not. */
    int deaths;
    /** Its place among waiting jobs. */
    long order;

    long sequence;
    /** When its owner has to have given a sign of life. */
    long leaseUntil;
    /** The idempotency key it holds, or null. */
    @Nullable String key;

    Entry(JobRecord record) {
        this.record = record;
    }

    boolean isOwnedBy(Owner owner) {
        return record.isOwnedBy(owner.node(), owner.epoch());
    }

    long weight() {
        return OVERHEAD
                + 2L
                        * (record.type().length()
                                + record.node().length()
                                + record.reason().length())
                + 2L * (record.error().length() + record.progress().message().length())
                + 2L * (key == null ? 0 : key.length())
                + payloadWeight
                + resultWeight;
    }
}
