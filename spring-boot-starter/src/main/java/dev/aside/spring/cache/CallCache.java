package dev.aside.spring.cache;

import dev.aside.cache.OpenRead;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;

/**
 * A cache as one call of a {@code @Cacheable} method sees it. Spring looks one key up, runs the method and puts, in three
 * steps and perhaps on as many threads; what is put here is the answer to the miss before it, and is refused if the key was
 * invalidated in between. The key itself is not compared: the method may have changed it.
 *
 * <p>Thread-safe; the monitor guards the miss and whether there can be another.
 */
final class CallCache implements Cache {
    private final AsideCache cache;
    private final @Nullable Object[] place;
    private @Nullable Miss open;
    private boolean over;

    /** @param waits whether who puts may wait until the value is in place */
    private record Miss(OpenRead<Object> read, boolean waits) {}

    /** @param place where the call is to be found, should it be needed */
    CallCache(AsideCache cache, @Nullable Object[] place) {
        this.cache = cache;
        this.place = place;
    }

    /** Whether a miss waits for its value. */
    synchronized boolean waits() {
        return open != null;
    }

    /**
     * No value comes any more: neither for the miss that waits, nor for one that is answered later.
     *
     * @param failure null if the method returned something that is not kept
     */
    void end(@Nullable Throwable failure) {
        Miss left;
        synchronized (this) {
            over = true;
            left = take();
        }
        if (left != null) {
            end(left, failure);
        }
    }

    private static void end(Miss miss, @Nullable Throwable failure) {
        if (failure == null) {
            miss.read.drop();
        } else {
            miss.read.fail(failure);
        }
    }

    private synchronized @Nullable Miss take() {
        Miss taken = open;
        open = null;
        return taken;
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
        OpenRead<Object> read = cache.open(key);
        if (read.hit()) {
            return AsideCache.wrapped(read);
        }
        Call.at(place).reads(this);
        return answer(read, true);
    }

    /** Who ends a load on whatever thread its method ended on does not wait there. */
    @Override
    public CompletableFuture<?> retrieve(Object key) {
        Call.at(place).reads(this); // on this thread, the answer may come on another
        return Stages.map(cache.openAsync(key), read -> answer(read, false));
    }

    private @Nullable ValueWrapper answer(OpenRead<Object> read, boolean waits) {
        if (read.hit()) {
            return AsideCache.wrapped(read);
        }
        Miss miss = new Miss(read, waits);
        Miss unneeded;
        synchronized (this) {
            unneeded = over ? miss : open;
            if (!over) {
                open = miss;
            }
        }
        if (unneeded != null) {
            unneeded.read.drop();
        }
        return null;
    }

    /** A put without a miss is of a load that nobody announced. */
    @Override
    public void put(Object key, @Nullable Object value) {
        Miss miss = take();
        if (miss == null) {
            return;
        }
        if (miss.waits) {
            miss.read.keep(AsideCache.stored(value));
        } else {
            miss.read.keepAsync(AsideCache.stored(value));
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
