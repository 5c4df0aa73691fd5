package dev.aside.cache;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value in the process with its instants, in nanoseconds of the cache's ticker.
 *
 * <pre>
 *   loadedAt ----- refreshAt ----- localUntil ----- freshUntil ----- revalidateUntil ----- keepUntil
 *      fresh      |  refresh ahead |   recheck     |  stale while      |  stale if error  |  dead
 * </pre>
 *
 * The order of refreshAt and localUntil may be the other way round; {@code quickUntil} is the earlier one, so that a
 * hit needs a single comparison.
 */
final class Entry {
    /** The cached value; null is a cached absence. */
    final @Nullable Object value;

    /** The cache's epoch when the load began: an entry of an earlier epoch was cleared. */
    final long epoch;

    /** The stripes of its tags; null if it has none. */
    final int @Nullable [] tags;

    /** The step of the tags' sequence when the load began: an entry with a tag of a later step was invalidated. */
    final long tagStep;

    final long loadedAt;
    final long quickUntil;
    final long localUntil;
    final long freshUntil;
    final long revalidateUntil;
    final long keepUntil;

    /** The value as methods want it that return an Optional; made when first asked for. Racy: any one will do. */
    private @Nullable Object optional;

    /** After a failed reload: when to try again. Written by the failed load, read by later readers. */
    private volatile long retryAt;

    Entry(@Nullable Object value, LocalLevel.Mark mark, int @Nullable [] tags, long loadedAt, Lifetime life) {
        this.value = value;
        this.epoch = mark.epoch();
        this.tags = tags;
        this.tagStep = mark.tagStep();
        this.loadedAt = loadedAt;
        this.localUntil = life.localUntil();
        this.freshUntil = life.freshUntil();
        this.quickUntil = Lifetime.earlier(life.refreshAt(), life.localUntil());
        this.revalidateUntil = life.revalidateUntil();
        this.keepUntil = life.keepUntil();
        this.retryAt = loadedAt;
    }

    Object optional() {
        Object known = optional;
        if (known == null) {
            known = Optional.ofNullable(value);
            optional = known;
        }
        return known;
    }

    long ageNanos(long now) {
        return Math.max(0, now - loadedAt);
    }

    /** Whether a reload that failed a short while ago should not be repeated yet. */
    boolean backingOff(long now) {
        return now - retryAt < 0;
    }

    void backOffUntil(long instant) {
        retryAt = instant;
    }
}
