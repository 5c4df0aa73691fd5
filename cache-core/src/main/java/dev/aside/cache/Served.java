package dev.aside.cache;

import org.jspecify.annotations.Nullable;

/**
 * A value on its way to a reader, with where it came from. Immutable.
 *
 * @param value the value; null if there is none
 * @param level where it was found
 * @param ageNanos how long ago it was stored
 * @param reason what is special about it
 */
record Served(@Nullable Object value, Answer.Level level, long ageNanos, Answer.Reason reason) {

    /** Keeps a key's place while its flight is under way. */
    static final Served PENDING = new Served(null, Answer.Level.LOAD, 0, Answer.Reason.NOT_CACHED);

    static Served local(Entry entry, long now, Answer.Reason reason) {
        return new Served(entry.value, Answer.Level.L1, entry.ageNanos(now), reason);
    }

    static Served loaded(@Nullable Object value, Answer.Reason reason) {
        return new Served(value, Answer.Level.LOAD, 0, reason);
    }

    /** Whether who reads next finds it; a load says why not by its reason. */
    boolean kept() {
        return level != Answer.Level.LOAD || reason == Answer.Reason.FRESH;
    }

    Answer answer(String cache) {
        return Answer.of(cache, level, ageNanos, reason);
    }
}
