package dev.aside.cache.annotation;

/**
 * Whether a write is announced to all nodes before it happens, so that a writer that dies between the write and its
 * invalidation leaves nothing stale behind. Costs one round trip to Redis before the write, or before the commit inside a
 * transaction; while the announcement stands, the keys are loaded but not kept.
 */
public enum Fenced {
    /** Not announced: after such a death a stale value lives until its ttl. */
    NONE,
    /** Announced if Redis can be reached; written in any case. */
    PREFERRED,
    /** Announced, or not written at all: {@code FencedWriteRefusedException}. */
    REQUIRED
}
