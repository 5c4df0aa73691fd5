package dev.aside.spring.cache;

import dev.aside.cache.BlockingCallException;
import dev.aside.cache.OpenRead;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.support.NullValue;
import org.springframework.cache.support.SimpleValueWrapper;

/**
 * One of Spring's caches. Null is a value here, kept for the nullTtl. Values are handed out as they are stored.
 *
 * <p>In a transaction, puts and evictions wait for its commit, and the transaction itself reads past the cache what it has
 * put or evicted: that counts for {@link #evictIfPresent} and {@link #invalidate} too. A put becomes an eviction then,
 * because the value may never be committed, and {@link #putIfAbsent} stores nothing.
 *
 * <p>On an event loop, which must not wait, writes are begun and left to themselves.
 *
 * <p>Thread-safe.
 */
final class AsideCache implements Cache {
    private static final Logger LOG = System.getLogger(AsideCache.class.getName());

    private final String name;
    private final Keys keys;

    AsideCache(String name, Keys keys) {
        this.name = name;
        this.keys = keys;
    }

    @Override
    public String getName() {
        return name;
    }

    /** Aside's own cache; its keys are texts if nodes share it. */
    @Override
    public dev.aside.cache.Cache<?, Object> getNativeCache() {
        return keys.main();
    }

    @Override
    public @Nullable ValueWrapper get(Object key) {
        return answer(lookup(keys.find(key)));
    }

    private static <K> OpenRead<Object> lookup(Keys.At<K> at) {
        return at.cache().lookup(at.key());
    }

    private static <K> CompletableFuture<OpenRead<Object>> lookupAsync(Keys.At<K> at) {
        return at.cache().lookupAsync(at.key());
    }

    private static @Nullable ValueWrapper answer(OpenRead<Object> read) {
        return read.hit() ? wrapped(read) : null;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
        ValueWrapper found = get(key);
        Object value = found == null ? null : found.get();
        if (value != null && type != null && !type.isInstance(value)) {
            throw new IllegalStateException("the cached value of cache '" + name + "' is not of type " + type.getName()
                    + ": " + value.getClass().getName());
        }
        return (T) value;
    }

    @Override
    @SuppressWarnings("unchecked") // as the caller says
    public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
        return (T) getOrLoad(keys.find(key), key, valueLoader);
    }

    private <K> @Nullable Object getOrLoad(Keys.At<K> at, Object key, Callable<?> valueLoader) {
        return at.cache().get(at.key(), wanted -> {
            try {
                return stored(valueLoader.call());
            } catch (Exception e) {
                throw new ValueRetrievalException(key, valueLoader, e);
            }
        });
    }

    @Override
    public CompletableFuture<?> retrieve(Object key) {
        return Stages.map(lookupAsync(keys.find(key)), AsideCache::answer);
    }

    @Override
    @SuppressWarnings("unchecked") // as the caller says
    public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
        return (CompletableFuture<T>) retrieveOrLoad(keys.find(key), valueLoader);
    }

    private static <K> CompletableFuture<?> retrieveOrLoad(
            Keys.At<K> at, Supplier<? extends CompletableFuture<?>> valueLoader) {
        return at.cache().getAsync(at.key(), wanted -> Stages.map(valueLoader.get(), AsideCache::stored));
    }

    @Override
    public void put(Object key, @Nullable Object value) {
        put(keys.find(key), stored(value));
    }

    private <K> void put(Keys.At<K> at, @Nullable Object value) {
        waiting(() -> at.cache().put(at.key(), value), () -> at.cache().putAsync(at.key(), value));
    }

    @Override
    public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
        return putIfAbsent(keys.find(key), stored(value));
    }

    private static <K> @Nullable ValueWrapper putIfAbsent(Keys.At<K> at, @Nullable Object value) {
        OpenRead<Object> read = lookup(at);
        if (read.hit()) {
            return wrapped(read); // what is there is not to be refreshed by this value
        }
        boolean[] absent = {false};
        Object there = at.cache().get(at.key(), wanted -> {
            absent[0] = true;
            return value;
        });
        return absent[0] ? null : new SimpleValueWrapper(there);
    }

    @Override
    public void evict(Object key) {
        evict(keys.find(key));
    }

    private <K> void evict(Keys.At<K> at) {
        waiting(() -> at.cache().invalidate(at.key()), () -> at.cache().invalidateAllAsync(List.of(at.key())));
    }

    @Override
    public boolean evictIfPresent(Object key) {
        boolean present;
        try {
            present = get(key) != null;
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "whether cache '" + name + "' holds a key cannot be told", e);
            present = false; // as the contract allows; the eviction is what counts
        }
        evict(key);
        return present;
    }

    @Override
    public void clear() {
        keys.clearRest();
        waiting(keys.main()::invalidateAll, keys.main()::invalidateAllAsync);
    }

    @Override
    public boolean invalidate() {
        boolean any = keys.main().stats().size() > 0;
        clear();
        return any;
    }

    OpenRead<Object> open(Object key) {
        return open(keys.find(key));
    }

    private static <K> OpenRead<Object> open(Keys.At<K> at) {
        return at.cache().open(at.key());
    }

    /** What the process holds, plainly fresh, as a hit; after anything else nothing has happened. */
    OpenRead<Object> held(Object key) {
        return held(keys.find(key));
    }

    private static <K> OpenRead<Object> held(Keys.At<K> at) {
        return at.cache().held(at.key());
    }

    CompletableFuture<OpenRead<Object>> openAsync(Object key) {
        return openAsync(keys.find(key));
    }

    private static <K> CompletableFuture<OpenRead<Object>> openAsync(Keys.At<K> at) {
        return at.cache().openAsync(at.key());
    }

    /** Evicts without blocking. */
    CompletableFuture<Void> evictAsync(Object key) {
        return evictAsync(keys.find(key));
    }

    private static <K> CompletableFuture<Void> evictAsync(Keys.At<K> at) {
        return at.cache().invalidateAllAsync(List.of(at.key()));
    }

    /** Clears without blocking. */
    CompletableFuture<Void> clearAsync() {
        keys.clearRest();
        return keys.main().invalidateAllAsync();
    }

    static ValueWrapper wrapped(OpenRead<Object> hit) {
        return new SimpleValueWrapper(hit.value());
    }

    /** What is stored for a value: other caches' stand-in for null is null here. */
    static @Nullable Object stored(@Nullable Object value) {
        return value instanceof NullValue ? null : value;
    }

    /** Spring writes on whatever thread a publisher ends on: where that may not wait, the write goes on without it. */
    private void waiting(Runnable write, Supplier<CompletableFuture<Void>> without) {
        try {
            write.run();
        } catch (BlockingCallException eventLoop) {
            without.get().whenComplete((done, failure) -> {
                if (failure != null) {
                    LOG.log(Level.WARNING, "a write of cache '" + name + "' that nobody waited for failed", failure);
                }
            });
        }
    }
}
