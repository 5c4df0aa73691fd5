package dev.aside.offload;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many callers want the outcome of one execution: one from the start, others join; the last one that gives up
 * cancels it, and nobody joins any more. Lock-free. The number kept is that of the others, as what begins with 0 need
 * not be written.
 */
final class Interest extends AtomicInteger {
    private static final long serialVersionUID = 1;
    private static final int NOBODY = -1;

    /** One more. False if there is nobody left to join. */
    boolean join() {
        return getAndUpdate(others -> others == NOBODY ? NOBODY : others + 1) != NOBODY;
    }

    /** One less. True for the last one. */
    boolean leave() {
        return decrementAndGet() == NOBODY;
    }

    /** {@link #leave} of the first one, if no other has joined. */
    boolean leaveAlone() {
        return compareAndSet(0, NOBODY);
    }
}
