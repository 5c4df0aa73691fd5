package dev.aside.spring.cache;

import dev.aside.cache.OpenRead;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;

/**
 * A cache as one call of a {@code @Cacheable} method sees it. Spring looks up, runs the method and puts, in three steps and
 * perhaps on as many threads; what is put here is the answer to the miss before it, and is refused if the key was
 * invalidated in between.
 *
 * <p>Thread-safe.
 */
final class CallCache implements Cache {
    private final AsideCache cache;
    private final Map<Object, OpenRead<Object>> open = new ConcurrentHashMap<>();
    private volatile boolean keepsNothing;

    CallCache(AsideCache cache) {
        this.cache = cache;
    }

    /** Whether a miss waits for its value. */
    boolean waits() {
        return !open.isEmpty();
    }

    /** What misses from now on, or waits already, is not kept. */
    void keepNothing() {
        keepsNothing = true;
        end(null);
    }

    /** No value comes any more for the misses that still wait; null if the method returned something that is not kept. */
    void end(@Nullable Throwable failure) {
        List.copyOf(open.keySet()).forEach(key -> {
            OpenRead<Object> read = open.remove(key);
            if (read != null) {
                end(read, failure);
            }
        });
    }

    private static void end(OpenRead<Object> read, @Nullable Throwable failure) {
        if (failure == null) {
            read.drop();
        } else {
            read.fail(failure);
        }
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
        return answer(key, cache.open(key));
    }

    @Override
    public CompletableFuture<?> retrieve(Object key) {
        return cache.openAsync(key).thenApply(read -> answer(key, read));
    }

    private @Nullable ValueWrapper answer(Object key, OpenRead<Object> read) {
        if (read.hit()) {
            return AsideCache.wrapped(read);
        }
        OpenRead<Object> before = open.put(key, read);
        if (before != null) {
            before.drop();
        }
        if (keepsNothing) {
            end(null);
        }
        return null;
    }

    /** A put without a miss, as of a publisher that is subscribed to a second time, is of a load that nobody announced. */
    @Override
    public void put(Object key, @Nullable Object value) {
        OpenRead<Object> read = open.remove(key);
        if (read != null) {
            read.keep(AsideCache.stored(value));
        }
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
    public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
        return cache.retrieve(key, valueLoader);
    }

    @Override
    public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
        return cache.putIfAbsent(key, value);
    }

    @Override
    public void evict(Object key) {
        cache.evict(key);
    }

    @Override
    public boolean evictIfPresent(Object key) {
        return cache.evictIfPresent(key);
    }

    @Override
    public void clear() {
        cache.clear();
    }

    @Override
    public boolean invalidate() {
        return cache.invalidate();
    }
}
