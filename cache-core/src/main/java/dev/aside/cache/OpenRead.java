package dev.aside.cache;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A read whose caller runs the method itself; made by {@link Cache#open}, and by {@link Cache#lookup}, after which
 * nothing is to be ended. A hit has its value. A miss has begun a load: end
 * it with {@link #keep}, {@link #drop} or {@link #fail} once the method has run. The value is kept only if the key was not
 * invalidated since the read was opened, and not inside a writing transaction. A miss that is never ended is forgotten after
 * a while and keeps others from storing the key until then.
 *
 * <p>Thread-safe; what ends it first counts. It may be ended on another thread than the one that opened it.
 *
 * @param <V> the values
 */
public final class OpenRead<V> {
    private final boolean hit;
    private final @Nullable Opening<V> opening;
    private final @Nullable V value;

    private OpenRead(boolean hit, @Nullable Opening<V> opening, @Nullable V value) {
        this.hit = hit;
        this.opening = opening;
        this.value = value;
    }

    static <V> OpenRead<V> hit(@Nullable V value) {
        return new OpenRead<>(true, null, value);
    }

    /** A miss whose load the caller ends. */
    static <V> OpenRead<V> miss(Opening<V> opening) {
        return new OpenRead<>(false, opening, null);
    }

    /** A miss that nobody loads for. */
    static <V> OpenRead<V> nothing() {
        return new OpenRead<>(false, null, null);
    }

    /** Whether there is a value, or a cached absence. */
    public boolean hit() {
        return hit;
    }

    /** The value of a hit; null if it is an absence, and of a miss. */
    public @Nullable V value() {
        return value;
    }

    /**
     * Stores what the method returned, if that is still right, and waits until that is done; on an event loop it does not
     * wait.
     *
     * @param loaded the value; null is an absence, which is kept only if the policy has a nullTtl
     */
    public void keep(@Nullable V loaded) {
        CompletableFuture<Void> done = keepAsync(loaded);
        if (!done.isDone() && !BlockingCalls.onEventLoop()) {
            done.join();
        }
    }

    /** As {@link #keep}, without blocking; the future never fails. */
    public CompletableFuture<Void> keepAsync(@Nullable V loaded) {
        return opening == null ? CompletableFuture.completedFuture(null) : opening.keep(loaded);
    }

    /** The method returned something that is not to be kept. */
    public void drop() {
        if (opening != null) {
            opening.drop();
        }
    }

    /** The method failed. */
    public void fail(Throwable failure) {
        if (opening != null) {
            opening.fail(failure);
        }
    }
}
