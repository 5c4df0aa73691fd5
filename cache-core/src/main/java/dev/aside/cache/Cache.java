package dev.aside.cache;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One cache: this process's copies, the remote tier behind them, and a load when neither has the key.
 *
 * <p>Inside a transaction (see {@link Caches.Builder#transactions}) invalidations wait for the commit: the methods return
 * at once, and their futures are done when it has been tried after the commit.
 *
 * <p>Thread-safe. Keys need {@code equals} and {@code hashCode} and must not be null. Values are handed out as they are
 * stored, not copied, so they should be immutable. What a loader throws reaches the callers unchanged and is not cached.
 * A remote tier that cannot be reached never fails a read. Methods that wait refuse to do so on an event loop of
 * Reactor, Netty or Vert.x; see {@link EventLoopGuard}.
 *
 * @param <K> the keys
 * @param <V> the values
 */
public interface Cache<K, V> {

    /** The name. */
    String name();

    /**
     * The value of the key, loaded if it is missing. However many threads ask, one of them runs its loader, on its own
     * thread; the others wait for that and share its result or exception. Under a policy with a time-out the loader runs on
     * a thread of the cache's instead.
     *
     * @param loader gives the value, or null if there is none; must not ask this cache for the same key
     * @return the value; null if there is none
     * @throws RecursiveLoadException if called from inside the load of the same key
     * @throws LoadInterruptedException if interrupted while waiting for another thread's load
     * @throws LoadTimeoutException if the policy has a hard timeout and the load takes longer
     * @throws LoadRejectedException if the policy limits loads and does not let this one in
     * @throws BlockingCallException if called on an event loop and the key is missing
     */
    @Nullable V get(K key, Function<? super K, ? extends @Nullable V> loader);

    /**
     * As {@link #get}, without blocking. The loader runs on the calling thread if that is possible without waiting, or
     * else on a thread of the cache's; it should return a stage at once.
     *
     * @throws RecursiveLoadException if called from inside the load of the same key; what a stage does later is not seen
     */
    CompletableFuture<@Nullable V> getAsync(
            K key, Function<? super K, ? extends CompletionStage<? extends @Nullable V>> loader);

    /**
     * The values of several keys. The loader runs at most once, for the keys that are missing and that nobody else is
     * loading.
     *
     * @param loader gives the values of the keys it gets; a key it leaves out has no value
     * @return a new map in the order of the keys; without those that have no value
     */
    Map<K, V> getAll(Collection<? extends K> keys, Function<? super Set<K>, ? extends Map<K, ? extends V>> loader);

    /** As {@link #getAll}, without blocking; see {@link #getAsync} for where the loader runs. */
    CompletableFuture<Map<K, V>> getAllAsync(
            Collection<? extends K> keys,
            Function<? super Set<K>, ? extends CompletionStage<? extends Map<K, ? extends V>>> loader);

    /** The value if this process holds it and may serve it; null otherwise. Counts as no read and loads nothing. */
    @Nullable V peek(K key);

    /**
     * Invalidates a key on every node and waits until the invalidation is in the log.
     *
     * @throws InvalidationPendingException if the remote tier could not take it yet; it is retried
     */
    void invalidate(K key);

    /**
     * Invalidates keys on every node and waits, as {@link #invalidate}.
     *
     * @throws InvalidationPendingException if the remote tier could not take it yet; it is retried
     */
    void invalidateAll(Collection<? extends K> keys);

    /**
     * Invalidates every key on every node and waits. Costs the same for any number of entries.
     *
     * @throws InvalidationPendingException if the remote tier could not take it yet; it is retried
     */
    void invalidateAll();

    /** As {@link #invalidateAll()}, without blocking; fails with the same exception. */
    CompletableFuture<Void> invalidateAllAsync();

    /** As {@link #invalidateAll(Collection)}, without blocking; fails with the same exception. */
    CompletableFuture<Void> invalidateAllAsync(Collection<? extends K> keys);

    /** Counts since the cache was defined, in this process. */
    CacheStats stats();

    /** The policy in force, the cache's own settings included. */
    TtlPolicy policy();
}
