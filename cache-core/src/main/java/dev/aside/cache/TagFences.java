package dev.aside.cache;

import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * When tags were invalidated last, in steps of one sequence. A value knows the step its load began at; it counts only as
 * long as none of its tags has a later one. So an invalidation costs the same for any number of values, and a value that
 * arrives late is born invalid. Striped by the tag's hash and shared by the caches of a process: a collision loads a value
 * without need, nothing worse.
 *
 * <p>Thread-safe.
 */
final class TagFences {
    private static final int STRIPES = 1 << 14;

    private final AtomicLong sequence = new AtomicLong();
    private final AtomicLongArray last = new AtomicLongArray(STRIPES);

    /** The step a load begins at: to be taken before the remote tier is asked. */
    long now() {
        return sequence.get();
    }

    void raise(String cache, String tag) {
        long step = sequence.incrementAndGet();
        last.accumulateAndGet(stripe(cache, tag), step, Math::max);
    }

    /** The stripes of tags, to be kept with a value; null if it has none. */
    int @Nullable [] stripes(String cache, Collection<String> tags) {
        return tags.isEmpty()
                ? null
                : tags.stream().mapToInt(tag -> stripe(cache, tag)).toArray();
    }

    /** Whether none of the stripes was raised after the step. */
    boolean hold(int[] stripes, long step) {
        for (int stripe : stripes) {
            if (last.get(stripe) > step) {
                return false;
            }
        }
        return true;
    }

    private static int stripe(String cache, String tag) {
        int hash = (31 * cache.hashCode() + tag.hashCode()) * 0x9E3779B9;
        return hash >>> (32 - 14);
    }
}
