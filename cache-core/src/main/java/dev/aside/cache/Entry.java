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
 *
 * <p>What only slower reads need is in {@link #life} and {@link #tagged}: a hit that misses the processor's cache waits for
 * memory, and what it needs should be in one line of it.
 */
final class Entry {
    /** The cached value; null is a cached absence. */
    final @Nullable Object value;

    /** The cache's epoch when the load began: an entry of an earlier epoch was cleared. Of no epoch if it has tags. */
    final long epoch;

    final long quickUntil;
    final long loadedAt;
    final Lifetime life;

    /** What its tags ask for, its epoch among it; null if it has none. */
    final @Nullable Tagged tagged;

    /** The value as methods want it that return an Optional; made when first asked for. Racy: any one will do. */
    private @Nullable Object optional;

    /** When it was last {@link #isUse}, in ticks. Racy: told twice is as good as told once. */
    private int usedTick;

    /** After a failed reload: when to try again. Written by the failed load, read by later readers. */
    private volatile long retryAt;

    /** The tags of an entry. */
    static final class Tagged {
        /** When the load began: an entry with a tag of a later step was invalidated. */
        final LocalLevel.Mark mark;

        /** The stripes of the tags. */
        final int[] stripes;

        Tagged(LocalLevel.Mark mark, int[] stripes) {
            this.mark = mark;
            this.stripes = stripes;
        }
    }

    Entry(@Nullable Object value, LocalLevel.Mark mark, int @Nullable [] tags, long loadedAt, Lifetime life) {
        this.value = value;
        this.tagged = tags == null ? null : new Tagged(mark, tags);
        this.epoch = tags == null ? mark.epoch() : LocalLevel.NO_EPOCH;
        this.loadedAt = loadedAt;
        this.life = life;
        this.quickUntil = Lifetime.earlier(life.refreshAt(), life.localUntil());
        this.retryAt = loadedAt;
        this.usedTick = Influx.tick(loadedAt) + Integer.MIN_VALUE; // of no hit to come: clocks may lag
    }

    /** Whether the eviction should hear of this read even while no entries come in: of one in each tick of {@link Influx}. */
    boolean isUse(long now) {
        int tick = Influx.tick(now);
        if (tick == usedTick) {
            return false;
        }
        usedTick = tick;
        return true;
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
