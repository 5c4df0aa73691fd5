package dev.aside.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * An exact count to which threads add without an atomic instruction, which would cost a hit more than the rest of what
 * is asked of it and keep the processor from looking ahead to the next one. A stripe belongs to the first platform thread
 * that comes to it, and only its owner writes it; who finds its stripe taken by a living thread adds to a {@link
 * LongAdder}, as do virtual threads. Threads are not kept from the collector.
 *
 * <p>Thread-safe. The sum contains everything that happened before it is asked for.
 */
final class HitCounter {
    static final int STRIPES = 64;
    private static final VarHandle STRIPE = MethodHandles.arrayElementVarHandle(Stripe[].class);
    private static final @Nullable Class<?> VIRTUAL = virtualThreads();

    private final @Nullable Stripe[] stripes = new Stripe[STRIPES];
    private final LongAdder others = new LongAdder();

    /** One more. Allocates once per thread. */
    void increment() {
        Thread thread = Thread.currentThread();
        long id = thread.getId(); // of no other thread, now or later, unless somebody's subclass says so
        int slot = (int) id & (STRIPES - 1);
        Stripe stripe = stripes[slot];
        if (stripe != null && stripe.owner == id) {
            stripe.increment();
        } else {
            incrementOther(thread, slot);
        }
    }

    private void incrementOther(Thread thread, int slot) {
        Stripe taken = (Stripe) STRIPE.getAcquire(stripes, slot);
        if (thread.getClass() != VIRTUAL && (taken == null || taken.isOrphan())) {
            // of a dead owner all is seen, and nothing follows
            Stripe mine = new Stripe(thread, taken == null ? 0 : taken.get());
            mine.increment();
            if (STRIPE.compareAndSet(stripes, slot, taken, mine)) {
                return;
            }
        }
        others.increment();
    }

    long sum() {
        long sum = others.sum();
        for (int slot = 0; slot < STRIPES; slot++) {
            Stripe stripe = (Stripe) STRIPE.getAcquire(stripes, slot);
            sum += stripe == null ? 0 : stripe.get();
        }
        return sum;
    }

    private static @Nullable Class<?> virtualThreads() {
        try {
            return Class.forName("java.lang.VirtualThread");
        } catch (ClassNotFoundException before21) {
            return null;
        }
    }

    /** Others look at it, the owner too, and nobody writes it. */
    private static class Owned {
        final long owner;
        private final WeakReference<Thread> thread;

        Owned(Thread thread) {
            this.owner = thread.getId();
            this.thread = new WeakReference<>(thread);
        }

        /** The collector takes a thread only when it is dead. */
        boolean isOrphan() {
            Thread alive = thread.get();
            return alive == null || !alive.isAlive();
        }
    }

    @SuppressWarnings("unused") // it keeps the two apart
    private static class Between extends Owned {
        private long b1, b2, b3, b4, b5, b6, b7, b8;

        Between(Thread thread) {
            super(thread);
        }
    }

    private static class Value extends Between {
        private static final VarHandle VALUE = handle();
        private long value;

        Value(Thread thread, long value) {
            super(thread);
            this.value = value;
        }

        private static VarHandle handle() {
            try {
                return MethodHandles.lookup().findVarHandle(Value.class, "value", long.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        /** By its owner only. */
        void increment() {
            VALUE.setOpaque(this, value + 1);
        }

        long get() {
            return (long) VALUE.getAcquire(this);
        }
    }

    /** What one thread has counted, alone in its line of the processor's cache: a superclass's fields stand first. */
    @SuppressWarnings("unused") // it keeps others away
    private static final class Stripe extends Value {
        private long a1, a2, a3, a4, a5, a6, a7, a8;

        Stripe(Thread owner, long counted) {
            super(owner, counted);
        }
    }
}
