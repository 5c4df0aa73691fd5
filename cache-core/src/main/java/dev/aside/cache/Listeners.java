package dev.aside.cache;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CopyOnWriteArrayList;

/** The listeners of one {@link Caches}. Thread-safe. A listener that throws is logged, once per listener. */
final class Listeners {
    private static final Logger LOG = System.getLogger(Listeners.class.getName());

    private final CopyOnWriteArrayList<Guarded> all = new CopyOnWriteArrayList<>();
    private volatile boolean wantsReads;

    void add(CacheListener listener) {
        all.add(new Guarded(listener));
        wantsReads |= listener.wantsReads();
    }

    boolean wantsReads() {
        return wantsReads;
    }

    void publish(CacheEvent event) {
        for (Guarded listener : all) {
            listener.tell(event);
        }
    }

    private static final class Guarded {
        private final CacheListener listener;
        private volatile boolean complained;

        Guarded(CacheListener listener) {
            this.listener = listener;
        }

        void tell(CacheEvent event) {
            if (event instanceof CacheEvent.Read && !listener.wantsReads()) {
                return;
            }
            try {
                listener.onEvent(event);
            } catch (RuntimeException e) {
                if (!complained) {
                    complained = true;
                    LOG.log(
                            Level.WARNING,
                            "cache listener " + listener + " failed; further failures are not logged",
                            e);
                }
            }
        }
    }
}
