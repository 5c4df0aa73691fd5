package dev.aside.cache;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One look-up and load of a key, which any number of readers may wait for. Thread-safe.
 *
 * <p>{@code result} is completed exactly once, after what was loaded has been put and the flight has landed, and never
 * on an I/O thread of the remote tier.
 */
final class Flight {
    final String cache;
    final Object key;
    final LocalLevel.Mark mark;
    final long startedAt;

    /** An old entry that may be served if the load fails; null if there is none. */
    final @Nullable Entry fallback;

    /** Whom it is for. */
    final Kind kind;

    final CompletableFuture<Served> result = new CompletableFuture<>();

    /** Until when the old value that {@code result} was completed with may be served; only if {@code standsIn}. */
    private volatile long standInUntil;

    private volatile boolean standsIn;

    /** The thread inside the user's method now; null if none is. */
    private volatile @Nullable Thread loading;

    /** Whom a flight is for. */
    enum Kind {
        /** Readers that wait for it. */
        READERS,
        /** Nobody who waits: it reloads behind readers that were served already. */
        BEHIND,
        /** One caller who wants the newest value: readers do not join it, and an old value is no answer. */
        REFRESH,
        /** One caller who runs the method itself: nobody joins it, nothing is reloaded behind it. */
        OPEN
    }

    /**
     * How a flight begins.
     *
     * @param mark the fences, taken before the remote tier is asked
     * @param at when
     * @param fallback an old entry that may be served if the load fails
     */
    record Start(LocalLevel.Mark mark, long at, @Nullable Entry fallback) {}

    Flight(String cache, Object key, Start start, Kind kind) {
        this.cache = cache;
        this.key = key;
        this.mark = start.mark;
        this.startedAt = start.at;
        this.fallback = start.fallback;
        this.kind = kind;
    }

    /** Whether no reader waits for it. */
    boolean behind() {
        return kind != Kind.READERS;
    }

    /** Whether an old value is an answer. */
    boolean takesOld() {
        return kind == Kind.READERS || kind == Kind.BEHIND;
    }

    void loadingOn(@Nullable Thread thread) {
        loading = thread;
    }

    /** The result is about to be completed with an old value, while the load goes on. */
    void standInUntil(long instant) {
        standInUntil = instant;
        standsIn = true;
    }

    /** Whether readers of this flight are given an old value. */
    boolean standsIn() {
        return standsIn;
    }

    /** Whether that old value may still be given to others who come. */
    boolean mayStandIn(long now) {
        return now - standInUntil < 0;
    }

    /** Refuses to wait for itself: the current thread is inside this flight's load. */
    void refuseRecursion() {
        if (loading == Thread.currentThread()) {
            throw new RecursiveLoadException(cache, key);
        }
    }

    /** The thread inside the user's method now; null if none is, or nobody knows which. */
    @Nullable Thread loading() {
        return loading;
    }

    /** Waits for another thread's flight; its failure is thrown with this thread's stack where that can be done. */
    Served join() {
        Waits.begin(this);
        try {
            return result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadInterruptedException(cache, key, e);
        } catch (ExecutionException e) {
            throw Failures.sneak(Failures.forFollower(Failures.unwrap(e)));
        } finally {
            Waits.end();
        }
    }

    /** What the flight brought, once it has landed. */
    Served landed() {
        try {
            return result.getNow(null);
        } catch (RuntimeException e) {
            throw Failures.sneak(Failures.unwrap(e));
        }
    }
}
