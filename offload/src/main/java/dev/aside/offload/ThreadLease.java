package dev.aside.offload;

import org.jspecify.annotations.Nullable;

/**
 * Which thread a run owns at the moment, so that an interrupt hits this run or nothing.
 *
 * <p>Guards against race: an interrupt meant for one run arriving in the next one on the same thread
 * (CancelTest.interrupt_arrivesAsRunEnds_neverHitsNextTask). Its monitor is held for a few instructions, never while
 * the work runs.
 */
final class ThreadLease {
    private @Nullable Thread owned;

    synchronized void take() {
        owned = Thread.currentThread();
    }

    /** To be called by the owner before it does anything else; clears an interrupt that was meant for this run. */
    @SuppressWarnings("Interruption") // the flag belongs to the run that ends here
    synchronized void release() {
        owned = null;
        Thread.interrupted();
    }

    /** Whether a thread was there to interrupt. */
    synchronized boolean interrupt() {
        if (owned == null) {
            return false;
        }
        owned.interrupt();
        return true;
    }
}
