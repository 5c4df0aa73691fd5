package dev.aside.cache.redis;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Counts events and hands them to the listeners, each on a thread {@code aside-redis-events} of its own, which exists
 * only while there is something to tell. Thread-safe. Never blocks the caller: beyond {@value #QUEUE} events that wait for
 * a listener the newest are dropped, counted, and their number is told.
 */
final class Events {
    static final int QUEUE = 8192;
    private static final Logger LOG = System.getLogger(RedisTier.class.getName());

    private final List<Lane> lanes;
    private final boolean invalidationsWanted;
    private final Map<Class<? extends RedisTierEvent>, LongAdder> counts = new ConcurrentHashMap<>();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder failures = new LongAdder();

    Events(List<RedisTierListener> listeners, String namespace) {
        this.lanes = listeners.stream()
                .map(listener -> new Lane(listener, namespace))
                .toList();
        this.invalidationsWanted = lanes.stream().anyMatch(lane -> lane.invalidations);
    }

    void publish(RedisTierEvent event) {
        counts.computeIfAbsent(event.getClass(), type -> new LongAdder()).increment();
        lanes.forEach(lane -> lane.offer(event));
    }

    /** Publishes what arrived by the log to those who asked for it; nothing is made if nobody did. */
    void arrived(Supplier<RedisTierEvent> event) {
        if (!invalidationsWanted) {
            return;
        }
        RedisTierEvent arrived = event.get();
        for (Lane lane : lanes) {
            if (lane.invalidations) {
                lane.offer(arrived);
            }
        }
    }

    /** How many events of a kind there were, with or without a listener. */
    long count(Class<? extends RedisTierEvent> type) {
        LongAdder count = counts.get(type);
        return count == null ? 0 : count.sum();
    }

    /** Events that a listener was not told, because it was too slow. */
    long dropped() {
        return dropped.sum();
    }

    /** How often listeners threw. */
    long failures() {
        return failures.sum();
    }

    /** Lets what waits be told, takes nothing more. */
    void close() {
        lanes.forEach(lane -> lane.thread.shutdown());
    }

    /** One listener, and what waits for it: a slow one delays neither the tier nor the others. */
    private final class Lane {
        private final RedisTierListener listener;
        private final boolean invalidations;
        private final ThreadPoolExecutor thread;
        private final AtomicLong untold = new AtomicLong();
        private final AtomicBoolean failed = new AtomicBoolean();

        Lane(RedisTierListener listener, String namespace) {
            this.listener = listener;
            this.invalidations = listener.wantsInvalidations();
            this.thread = new ThreadPoolExecutor(
                    1,
                    1,
                    1,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(QUEUE),
                    Threads.named("aside-redis-events-" + namespace),
                    (event, full) -> {
                        if (!full.isShutdown()) {
                            untold.incrementAndGet();
                            dropped.increment();
                        }
                    });
            thread.allowCoreThreadTimeOut(true);
        }

        void offer(RedisTierEvent event) {
            thread.execute(() -> {
                long missing = untold.getAndSet(0);
                if (missing > 0) {
                    tell(new RedisTierEvent.EventsDropped(missing));
                }
                tell(event);
            });
        }

        private void tell(RedisTierEvent event) {
            try {
                listener.on(event);
            } catch (RuntimeException | Error e) { // whatever users' code throws; no key of theirs in the log
                failures.increment();
                if (failed.compareAndSet(false, true)) {
                    LOG.log(
                            Level.WARNING,
                            "the listener " + listener.getClass().getName() + " threw at "
                                    + event.getClass().getSimpleName() + "; what it throws from now on is only counted",
                            e);
                }
            }
        }
    }
}
