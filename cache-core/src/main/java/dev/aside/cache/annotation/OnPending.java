package dev.aside.cache.annotation;

/** What becomes of an annotated call whose invalidation could not be delivered yet. */
public enum OnPending {
    /** The call returns normally and an event tells: an exception after a commit makes callers repeat the write. */
    EVENT,
    /** The call throws {@code InvalidationPendingException}, although its write stands. */
    THROW
}
