package dev.aside.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * An exact count to which most threads add without an atomic instruction, which would cost a hit more than the rest of
 * what is asked of it and keep the processor from looking ahead to the next one. A stripe belongs to the first platform
 * thread that comes to it, and only its owner writes it; who finds its stripe taken adds to a {@link LongAdder}.
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
        int slot = (int) thread.getId() & (STRIPES - 1);
        Stripe stripe = stripes[slot];
        if (stripe != null && stripe.owner == thread) {
            stripe.increment();
        } else {
            incrementOther(thread, slot);
        }
    }

    private void incrementOther(Thread thread, int slot) {
        Stripe taken = (Stripe) STRIPE.getAcquire(stripes, slot);
        if ((taken == null || !taken.owner.isAlive()) && thread.getClass() != VIRTUAL) {
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

    /** Alone in its lines of the processor's cache. */
    @SuppressWarnings("unused") // what is never read keeps its neighbours away
    private static final class Stripe extends AtomicLong {
        private static final long serialVersionUID = 1;

        private long p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15;
        final transient Thread owner;

        Stripe(Thread owner, long count) {
            this.owner = owner;
            setPlain(count);
        }

        /** By its owner only. */
        void increment() {
            setOpaque(getPlain() + 1);
        }
    }
}
