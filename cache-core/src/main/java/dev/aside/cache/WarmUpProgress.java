package dev.aside.cache;

import org.jspecify.annotations.Nullable;

/**
 * How far a warm-up got. Immutable.
 *
 * @param keys the keys to warm, counted once each
 * @param done keys whose batch was read or failed
 * @param failed keys whose batch failed; they are left cold
 * @param failure what the last failed batch failed with; null if none did
 */
public record WarmUpProgress(
        int keys, int done, int failed, @Nullable Throwable failure) {

    /** Whether nothing is left to do. */
    public boolean finished() {
        return done == keys;
    }
}
