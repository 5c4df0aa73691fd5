package dev.aside.cache;

import java.time.Duration;
import java.util.List;

/**
 * Something that happened in a cache. Metrics, traces and logs are listeners on these.
 *
 * <p>Keys are the users' own objects: do not log them above DEBUG.
 */
public sealed interface CacheEvent {

    /** The cache's name. */
    String cache();

    /** A read that was answered, from wherever. Published to listeners that ask for reads only. */
    record Read(String cache, Object key, Answer answer) implements CacheEvent {}

    /** The user's method returned values for this many keys in one call. */
    record Loaded(String cache, int keys, Duration took) implements CacheEvent {}

    /** The user's method failed. */
    record LoadFailed(String cache, int keys, Duration took, Throwable cause) implements CacheEvent {}

    /** A load failed and the old value was served in its place. */
    record ServedStaleOnError(String cache, Object key, Duration age, Throwable cause) implements CacheEvent {}

    /** A loaded value was not kept, because the key was invalidated or the lease ran out meanwhile. */
    record FillRefused(String cache, Object key) implements CacheEvent {}

    /** Entries were invalidated from this process; zero keys stands for all. */
    record Invalidated(String cache, int keys) implements CacheEvent {}

    /** What carries one of the tags was invalidated from this process. */
    record TagsInvalidated(String cache, List<String> tags) implements CacheEvent {}

    /**
     * A value was written through the cache.
     *
     * @param stored whether it is kept; if not, the key was invalidated instead
     */
    record Put(String cache, Object key, boolean stored) implements CacheEvent {}

    /** Keys were asked for that the remote tier could not answer: they are loaded and not kept. */
    record Degraded(String cache, int keys) implements CacheEvent {}

    /**
     * An invalidation could not be delivered to the remote tier yet; it stands in the journal and is retried. Counts keys,
     * or tags; zero stands for all entries.
     */
    record InvalidationPending(String cache, int keys) implements CacheEvent {}

    /** An invalidation was refused by the remote tier, such as for a key that cannot be written; it is not retried. */
    record InvalidationFailed(String cache, Throwable cause) implements CacheEvent {}

    /** A reload behind a reader was not started, because as many as allowed were under way. */
    record RefreshSkipped(String cache, Object key) implements CacheEvent {}
}
