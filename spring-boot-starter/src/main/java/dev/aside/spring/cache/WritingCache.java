package dev.aside.spring.cache;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;

/** A cache as one call that puts or evicts sees it, see {@link ReactiveWrites}. Thread-safe. */
final class WritingCache implements Cache {
    private final AsideCache cache;
    private final ReactiveWrites writes;

    WritingCache(AsideCache cache, ReactiveWrites writes) {
        this.cache = cache;
        this.writes = writes;
    }

    @Override
    public void put(Object key, @Nullable Object value) {
        if (!writes.note(() -> cache.evictAsync(key))) {
            cache.put(key, value);
        }
    }

    @Override
    public void evict(Object key) {
        if (!writes.note(() -> cache.evictAsync(key))) {
            cache.evict(key);
        }
    }

    @Override
    public boolean evictIfPresent(Object key) {
        return !writes.note(() -> cache.evictAsync(key)) && cache.evictIfPresent(key);
    }

    @Override
    public void clear() {
        if (!writes.note(cache::clearAsync)) {
            cache.clear();
        }
    }

    @Override
    public boolean invalidate() {
        return !writes.note(cache::clearAsync) && cache.invalidate();
    }

    @Override
    public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
        return cache.putIfAbsent(key, value);
    }

    @Override
    public String getName() {
        return cache.getName();
    }

    @Override
    public Object getNativeCache() {
        return cache.getNativeCache();
    }

    @Override
    public @Nullable ValueWrapper get(Object key) {
        return cache.get(key);
    }

    @Override
    public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
        return cache.get(key, type);
    }

    @Override
    public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
        return cache.get(key, valueLoader);
    }

    @Override
    public CompletableFuture<?> retrieve(Object key) {
        return cache.retrieve(key);
    }

    @Override
    public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
        return cache.retrieve(key, valueLoader);
    }
}
