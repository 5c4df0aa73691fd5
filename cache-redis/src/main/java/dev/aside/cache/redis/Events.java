package dev.aside.cache.redis;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Hands events to the listeners on the thread {@code aside-redis-events}, which exists only while there is something to
 * tell. Thread-safe. Never blocks the caller: beyond {@value #QUEUE} waiting events the newest are dropped.
 */
final class Events {
    private static final int QUEUE = 8192;
    private static final Logger LOG = System.getLogger(RedisTier.class.getName());

    private final List<RedisTierListener> listeners;
    private final ThreadPoolExecutor thread;

    Events(List<RedisTierListener> listeners, String namespace) {
        this.listeners = List.copyOf(listeners);
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(QUEUE),
                Threads.named("aside-redis-events-" + namespace),
                new ThreadPoolExecutor.DiscardPolicy());
        thread.allowCoreThreadTimeOut(true);
    }

    void publish(RedisTierEvent event) {
        if (!listeners.isEmpty()) {
            thread.execute(() -> tell(event));
        }
    }

    private void tell(RedisTierEvent event) {
        for (RedisTierListener listener : listeners) {
            try {
                listener.on(event);
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "the listener " + listener.getClass().getName() + " threw at " + event, e);
            }
        }
    }

    /** Lets what waits be told, takes nothing more. */
    void close() {
        thread.shutdown();
    }
}
