package dev.aside.cache;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Which threads wait for which flights, in this process: a thread that would have to wait for a load that, over any number
 * of others, waits for its own is refused rather than left waiting for ever.
 *
 * <p>Thread-safe. A thread says what it waits for before it looks at the others, so of the threads that close a circle the
 * last one sees it; two may see it at a time, and are both refused.
 */
final class Waits {
    private static final ConcurrentMap<Thread, Flight> WAITING = new ConcurrentHashMap<>();

    private Waits() {}

    /**
     * The calling thread is about to wait; {@link #end} must follow unless this throws.
     *
     * @throws RecursiveLoadException if it could only wait for itself
     */
    static void begin(Flight flight) {
        Thread me = Thread.currentThread();
        // Guards against race: two threads wait for each other's load (DeadlockTest)
        WAITING.put(me, flight);
        Flight next = flight;
        while (next != null && !next.result.isDone()) {
            Thread loading = next.loading();
            if (loading == me) {
                WAITING.remove(me);
                throw next == flight
                        ? new RecursiveLoadException(flight.cache, flight.key)
                        : new RecursiveLoadException(next.cache, next.key, flight.cache);
            }
            next = loading == null ? null : WAITING.get(loading);
        }
    }

    static void end() {
        WAITING.remove(Thread.currentThread());
    }
}
