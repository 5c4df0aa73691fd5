package dev.aside.cache;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
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

    /**
     * Reads in two steps, for who runs the method that loads by itself: looks the key up, and if it is missing begins a
     * load, which the caller has to end. Not guarded by single-flight: every caller who misses is told so. Serves fresh
     * values only and reloads none behind the caller.
     *
     * @throws LoadRejectedException if the policy limits loads and does not let this one in
     * @throws BlockingCallException if called on an event loop and this process does not hold the key
     */
    OpenRead<V> open(K key);

    /** As {@link #open}, without blocking. */
    CompletableFuture<OpenRead<V>> openAsync(K key);

    /**
     * Looks the key up in this process and in the remote tier, and loads nothing: a miss is not to be ended. Serves fresh
     * values only; a remote tier that cannot be reached is a miss.
     *
     * @throws BlockingCallException if called on an event loop and this process does not hold the key
     */
    OpenRead<V> lookup(K key);

    /**
     * Looks the key up in this process alone: what is held and plainly fresh is a hit, and counted as one. After anything
     * else nothing has happened, and nothing is to be ended. Never waits and never fails. For a framework that would make
     * more of a read than a hit is worth; it asks in another way after a miss.
     */
    OpenRead<V> held(K key);

    /** As {@link #lookup}, without blocking. */
    CompletableFuture<OpenRead<V>> lookupAsync(K key);

    /**
     * Loads the value anew, whatever is held, and replaces it. Readers are served what is held meanwhile; what loads that
     * began earlier bring is not kept. A failure leaves what is held in place, and is thrown whatever the policy says of
     * old values. Other nodes go on with their copies until their localTtl: to have them follow at once, invalidate. Inside
     * a writing transaction the loader runs and nothing is kept.
     *
     * @return the new value; null if there is none
     */
    @Nullable V refresh(K key, Function<? super K, ? extends @Nullable V> loader);

    /** As {@link #refresh}, without blocking; see {@link #getAsync} for where the loader runs. */
    CompletableFuture<@Nullable V> refreshAsync(
            K key, Function<? super K, ? extends CompletionStage<? extends @Nullable V>> loader);

    /**
     * Reads keys batch by batch, as {@link #getAll} does, so that later readers find them. On the calling thread. A batch
     * that fails is told of and does not stop the others. While the remote tier cannot be reached nothing is kept, and the
     * progress says so: throw from the listener to give up.
     *
     * @param batchSize the most keys the loader gets at a time, 1 and more
     * @param progress told after each batch, on the calling thread
     * @return the last progress
     * @throws LoadInterruptedException if interrupted; keys not read yet stay cold
     */
    WarmUpProgress warmUp(
            Collection<? extends K> keys,
            int batchSize,
            Function<? super Set<K>, ? extends Map<K, ? extends V>> loader,
            Consumer<WarmUpProgress> progress);

    /**
     * Puts a value in place on every node. As {@link #writeThrough} with a write that was done before: of two puts under
     * way at a time neither may be kept. If the value comes from a write to the database, use {@link #writeThrough}:
     * nobody knows in which order two writers come here.
     *
     * @param value the value; null is an absence, which is kept only if the policy has a nullTtl
     * @throws InvalidationPendingException if the remote tier could not take it: the key is invalidated instead, which is
     *     retried
     */
    void put(K key, @Nullable V value);

    /** As {@link #put}, without blocking; fails with the same exception. */
    CompletableFuture<Void> putAsync(K key, @Nullable V value);

    /**
     * Writes a value and puts it in place on every node. The write is announced before it begins: what loads bring
     * meanwhile does not outlive it (with a remote tier it is not kept at all), and if somebody else writes, puts or
     * invalidates the key meanwhile, it is invalidated instead, because nobody knows whose write was last. A write that
     * fails invalidates the key.
     *
     * <p>Inside a transaction the key is invalidated after the commit.
     *
     * @param write writes to the database and gives the value; null is an absence
     * @return what the write gave
     * @throws InvalidationPendingException if the remote tier could not take it: the write stands, and the key is
     *     invalidated, which is retried
     */
    @Nullable V writeThrough(K key, Supplier<? extends @Nullable V> write);

    /**
     * As {@link #writeThrough}, without blocking. The write is begun on the calling thread if the announcement needs no
     * waiting, or else on a thread of the cache's.
     */
    CompletableFuture<@Nullable V> writeThroughAsync(
            K key, Supplier<? extends CompletionStage<? extends @Nullable V>> write);

    /** The value if this process holds it and may serve it; null otherwise. Counts as no read and loads nothing. */
    @Nullable V peek(K key);

    /**
     * What this process holds and may serve, for looking at: cannot be changed, follows what happens, and counts as no
     * read. Absences are left out. Iterating copies.
     */
    Map<K, V> asMap();

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

    /**
     * Invalidates on every node what carries the tag, and waits. Costs the same for any number of entries. Tags belong to
     * their cache; values get them from {@code @Cached(tags = ...)} or {@link TtlPolicy.Builder#tagsFrom}.
     *
     * @throws InvalidationPendingException if the remote tier could not take it yet; it is retried
     * @throws IllegalArgumentException if the tag is blank
     */
    void invalidateTag(String tag);

    /**
     * As {@link #invalidateAll(Collection)}, and then waits for the tier's stale bound (B, 1 s by default): when it returns,
     * no node serves what was there before.
     *
     * @throws IllegalStateException inside a transaction, whose own commit it would have to wait for
     */
    void invalidateAndWait(Collection<? extends K> keys);

    /** As {@link #invalidateAndWait}, without blocking. */
    CompletableFuture<Void> invalidateAndWaitAsync(Collection<? extends K> keys);

    /** As {@link #invalidateTag}, without blocking; fails with the same exception. */
    CompletableFuture<Void> invalidateTagAsync(String tag);

    /** As {@link #invalidateAll()}, without blocking; fails with the same exception. */
    CompletableFuture<Void> invalidateAllAsync();

    /** As {@link #invalidateAll(Collection)}, without blocking; fails with the same exception. */
    CompletableFuture<Void> invalidateAllAsync(Collection<? extends K> keys);

    /** Counts since the cache was defined, in this process. */
    CacheStats stats();

    /** The policy in force, the cache's own settings included. */
    TtlPolicy policy();
}
