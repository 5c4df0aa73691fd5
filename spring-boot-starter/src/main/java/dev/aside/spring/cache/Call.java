package dev.aside.spring.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;

/**
 * One call of a method with cache annotations: what its misses wait for, and until when.
 *
 * <p>Belongs to the calling thread until the method has returned; its end may come on any thread.
 */
final class Call {
    private static final ThreadLocal<@Nullable Call> CURRENT = new ThreadLocal<>();

    private final @Nullable Call outer;
    private final List<CallCache> reads = new ArrayList<>();
    private final ReactiveWrites writes = new ReactiveWrites();
    private boolean usesCaches;

    private Call(@Nullable Call outer) {
        this.outer = outer;
    }

    /** The call that the thread is about to look caches up for, or to run the method of; null if there is none. */
    static @Nullable Call current() {
        return CURRENT.get();
    }

    static Call begin() {
        Call call = new Call(CURRENT.get());
        CURRENT.set(call);
        return call;
    }

    /** The thread goes back to what it did before. */
    void leave() {
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
        }
    }

    /** A cache that the call looks up and, after a miss, puts into. */
    Cache reading(AsideCache cache) {
        CallCache view = new CallCache(cache);
        usesCaches = true;
        reads.add(view);
        return view;
    }

    /** A cache that the call puts into or evicts from. */
    Cache writing(AsideCache cache) {
        usesCaches = true;
        return Publishers.PRESENT ? new WritingCache(cache, writes) : cache;
    }

    /** Whether a value is about to be loaded that will be kept. */
    boolean loads() {
        for (CallCache cache : reads) {
            if (cache.waits()) {
                return true;
            }
        }
        return false;
    }

    /** The method has returned, and what it brought has been put, unless it comes later. */
    @Nullable Object returned(@Nullable Object result) {
        if (!usesCaches) {
            return result;
        }
        if (result instanceof CompletionStage<?> stage) {
            stage.whenComplete((value, failure) -> end(failure));
            return result;
        }
        if (result != null && Publishers.PRESENT && Publishers.isPublisher(result)) {
            return Publishers.watched(result, this);
        }
        end(null);
        return result;
    }

    /** What the call loads runs inside a reactive transaction, so none of it is kept. */
    void keepNothing() {
        reads.forEach(CallCache::keepNothing);
    }

    ReactiveWrites writes() {
        return writes;
    }

    /** No value comes any more for the misses that still wait. */
    void end(@Nullable Throwable failure) {
        reads.forEach(cache -> cache.end(failure));
    }
}
