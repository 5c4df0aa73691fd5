package dev.aside.cache;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the answer to a read came from. Immutable.
 *
 * @param cache the cache's name
 * @param level where the value was found
 * @param age how long ago the value was stored, zero for a load
 * @param reason why it was served although it was not plainly fresh, or why it is not kept
 */
public record Answer(String cache, Level level, Duration age, Reason reason) {

    /** Where a value was found. */
    public enum Level {
        /** In the process. */
        L1,
        /** In the remote tier. */
        L2,
        /** By the user's method. */
        LOAD
    }

    /** What is special about an answer. */
    public enum Reason {
        /** Nothing: fresh, and kept. */
        FRESH,
        /** Fresh, and being reloaded ahead of its end. */
        REFRESH_AHEAD,
        /** Stale, and being reloaded. */
        STALE_WHILE_REVALIDATE,
        /** Old, served because the load takes longer than readers wait; it goes on. */
        SOFT_TIMEOUT,
        /** Stale or not trusted, served because the load failed. */
        STALE_IF_ERROR,
        /** Loaded, and not kept: absences are not cached by the policy. */
        NOT_CACHED,
        /** Loaded, and not kept: invalidated meanwhile. */
        FILL_REFUSED,
        /** Loaded, and not kept: another node was loading the same key. */
        BUSY,
        /** Loaded, and not kept: a write of the key is under way. */
        WRITING,
        /** Loaded, and not kept: the remote tier cannot be reached. */
        UNAVAILABLE,
        /** Loaded, and not kept: inside a transaction whose data may be uncommitted or old. */
        IN_TRANSACTION,
        /** Loaded, and not kept: the value cannot be written to the remote tier. */
        UNSTORABLE
    }

    /** Whether the value was past its ttl, or no longer known to be valid. */
    public boolean stale() {
        return reason == Reason.STALE_WHILE_REVALIDATE
                || reason == Reason.SOFT_TIMEOUT
                || reason == Reason.STALE_IF_ERROR;
    }

    static Answer of(String cache, Level level, long ageNanos, @Nullable Reason reason) {
        return new Answer(cache, level, Duration.ofNanos(ageNanos), reason == null ? Reason.FRESH : reason);
    }
}
