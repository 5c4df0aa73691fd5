package dev.aside.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts exactly what many threads do all the time. A thread counts in a cell of its own without an atomic operation,
 * which would be a fifth of a hit; threads that find their place taken share a {@link LongAdder}. The cell of a thread that has
 * ended goes to another, with its count. Bounded by its places. Thread-safe.
 */
final class HitCounter {
    private static final int PLACES = 64;

    /** One thread in so many looks whether the owner of its place has ended: asking costs more than counting. */
    private static final int RARELY = 1024;

    /** A cell stands in the middle of an array, so that no two share a cache line. */
    private static final int MIDDLE = 8;

    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);

    private final AtomicReferenceArray<@Nullable Owned> places = new AtomicReferenceArray<>(PLACES);
    private final LongAdder others = new LongAdder();

    /** The cell of one thread; written by that thread alone. */
    private static final class Owned {
        private final long threadId; // never used again, unlike places
        private final WeakReference<Thread> thread;
        private final long[] cell = new long[2 * MIDDLE];

        Owned(Thread thread, long count) {
            this.threadId = thread.getId();
            this.thread = new WeakReference<>(thread);
            cell[MIDDLE] = count;
        }

        boolean isOver() {
            Thread owner = thread.get();
            return owner == null || !owner.isAlive();
        }

        long count() {
            return (long) COUNT.getOpaque(cell, MIDDLE);
        }
    }

    void increment() {
        Thread me = Thread.currentThread();
        long id = me.getId();
        Owned mine = places.getPlain((int) id & (PLACES - 1)); // final fields make it safe to see
        if (mine != null && mine.threadId == id) {
            COUNT.setOpaque(mine.cell, MIDDLE, mine.cell[MIDDLE] + 1);
        } else {
            elsewhere(me, mine);
        }
    }

    private void elsewhere(Thread me, @Nullable Owned found) {
        if (found == null || (ThreadLocalRandom.current().nextInt(RARELY) == 0 && found.isOver())) {
            // what an ended thread has counted is seen by who sees that it has ended
            Owned mine = new Owned(me, found == null ? 1 : found.count() + 1);
            if (places.compareAndSet((int) me.getId() & (PLACES - 1), found, mine)) {
                return;
            }
        }
        others.increment();
    }

    /** All that was counted before, and perhaps some of what is counted meanwhile. */
    long sum() {
        long sum = others.sum();
        for (int i = 0; i < PLACES; i++) {
            Owned owned = places.get(i);
            sum += owned == null ? 0 : owned.count();
        }
        return sum;
    }
}
