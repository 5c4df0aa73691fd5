package dev.aside.spring.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;

/**
 * One call of a method with cache annotations: what its misses wait for, and until when. Made when it is needed, which it
 * is not for a hit.
 *
 * <p>Belongs to the calling thread until the method has returned; its end may come on any thread.
 */
final class Call {
    /** Stands for a call that nobody has asked for yet. */
    private static final Object NOT_MADE = new Object();

    /** The innermost call of the thread, or what stands for it; in an array, so that nothing of ours stays with a thread. */
    private static final ThreadLocal<@Nullable Object[]> INNERMOST = ThreadLocal.withInitial(() -> new Object[1]);

    private final List<CallCache> reads = new ArrayList<>(1);
    private final ReactiveWrites writes = new ReactiveWrites();

    private Call() {}

    /** Where the thread's innermost call stands. */
    static @Nullable Object[] place() {
        return INNERMOST.get();
    }

    /**
     * A call begins on the thread of this place.
     *
     * @return what to {@link #leave} it with
     */
    static @Nullable Object enter(@Nullable Object[] place) {
        Object outer = place[0];
        place[0] = NOT_MADE;
        return outer;
    }

    /** The thread goes back to what it did before. */
    static void leave(@Nullable Object[] place, @Nullable Object outer) {
        place[0] = outer;
    }

    /** Whether the thread of this place is in a call. */
    static boolean isIn(@Nullable Object[] place) {
        return place[0] != null;
    }

    /** The call, made if need be. */
    static Call at(@Nullable Object[] place) {
        if (place[0] instanceof Call made) {
            return made;
        }
        Call call = new Call();
        place[0] = call;
        return call;
    }

    /** The call if anything is known of it. */
    static @Nullable Call madeAt(@Nullable Object[] place) {
        return place[0] instanceof Call made ? made : null;
    }

    /** One of its caches is asked for a key. */
    void reads(CallCache cache) {
        reads.add(cache);
    }

    /** A cache that the call puts into or evicts from. */
    Cache writing(AsideCache cache) {
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
        end(null);
    }

    ReactiveWrites writes() {
        return writes;
    }

    /** No value comes any more for the misses that still wait. */
    void end(@Nullable Throwable failure) {
        reads.forEach(cache -> cache.end(failure));
    }
}
