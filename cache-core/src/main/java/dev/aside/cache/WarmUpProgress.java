package dev.aside.cache;

import org.jspecify.annotations.Nullable;

/**
 * How far a warm-up got. Immutable.
 *
 * @param keys the keys to warm, counted once each
 * @param done keys whose batch was read or failed: how much of the way is behind
 * @param failed keys whose batch failed; they are left cold
 * @param notKept keys that were loaded for nothing, and are left cold too: the remote tier could not be reached, somebody
 *     wrote or invalidated them meanwhile, or the policy keeps no such value
 * @param failure what the last failed batch failed with; null if none did
 */
public record WarmUpProgress(
        int keys,
        int done,
        int failed,
        int notKept,
        @Nullable Throwable failure) {

    /** Whether nothing is left to do. */
    public boolean finished() {
        return done == keys;
    }

    /** Keys that a reader who comes now finds. */
    public int warm() {
        return done - failed - notKept;
    }
}
