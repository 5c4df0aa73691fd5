package dev.aside.offload;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Whether what is asked of the store again and again works, told once per change: a store that is away for an hour makes
 * one line, not thousands. Thread-safe.
 */
final class StoreHealth {
    private static final System.Logger LOG = System.getLogger(OffloadExecutor.class.getName());

    private final AtomicBoolean failing = new AtomicBoolean();

    /** What was asked failed; it will be asked again. */
    void failed(String what, @Nullable Throwable failure) {
        if (failing.compareAndSet(false, true)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    what + " failed; it is tried again, and further failures are not logged until the job store"
                            + " answers again",
                    failure);
        } else {
            LOG.log(System.Logger.Level.DEBUG, what + " failed", failure);
        }
    }

    /** The store did what it was asked to. */
    void works() {
        if (failing.get() && failing.compareAndSet(true, false)) {
            LOG.log(System.Logger.Level.INFO, "the job store answers again");
        }
    }
}
