package dev.aside.cache.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What all lookups and fills of a tier share. Thread-safe.
 *
 * <p>Values are decoded where the caller wants it, else on the threads {@code aside-redis-codec}, because constructors of
 * users' types run while they are; only small values of the platform's own types are decoded on the connection's thread.
 */
final class Reads {
    private static final int WAITING_VALUES = 4096;

    private final Gate gate;
    private final Leases leases;
    private final Guard guard;
    private final Threads.Loop timer;
    private final Ticker ticker;
    private final Set<LookupCall> waiting = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor codecs;
    private final LongAdder roundTrips = new LongAdder();
    private final LongAdder stored = new LongAdder();
    private volatile boolean closed;

    /** Whether Redis may be used, and through what. */
    record Gate(Supplier<@Nullable Link> commands, Trust trust, Runnable doubt, PendingJournal pending) {}

    Reads(Gate gate, Leases leases, Guard guard, Threads.Loop timer, Decoding decoding) {
        this.gate = gate;
        this.leases = leases;
        this.guard = guard;
        this.timer = timer;
        this.ticker = decoding.ticker();
        this.codecs = new ThreadPoolExecutor(
                decoding.threads(),
                decoding.threads(),
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(WAITING_VALUES),
                Threads.named("aside-redis-codec-" + decoding.namespace()));
        codecs.allowCoreThreadTimeOut(true);
    }

    /** The threads that decode values. */
    record Decoding(String namespace, int threads, Ticker ticker) {}

    /** The connection to read from, or null if nothing may be read now. */
    @Nullable Link link() {
        Link link = gate.commands().get();
        return link != null && !closed && gate.trust().usable() ? link : null;
    }

    /** The connection to write to, whatever may be read. */
    @Nullable Link commands() {
        return gate.commands().get();
    }

    boolean trusted() {
        return gate.trust().trusted();
    }

    /** Whether an invalidation of the key by this node is still on its way. */
    boolean invalidationPending(String cache, KeyName key) {
        return gate.pending().covers(cache, key.logKey());
    }

    /** A reply showed that the generation is over. */
    void doubt() {
        gate.doubt().run();
    }

    Leases leases() {
        return leases;
    }

    /** Counts requests of this node's callers; those of invalidations too. */
    LongAdder roundTrips() {
        return roundTrips;
    }

    /** Counts values that were stored. */
    LongAdder stored() {
        return stored;
    }

    Guard guard() {
        return guard;
    }

    long now() {
        return ticker.read();
    }

    /** Where values are decoded if a caller has no place for it; rejects when there are too many. */
    Executor decoder() {
        return codecs;
    }

    /** Has a lookup go on after a pause, unless the tier is closed before. */
    void pause(LookupCall call, long nanos) {
        waiting.add(call);
        boolean scheduled = timer.schedule(
                () -> {
                    if (waiting.remove(call)) {
                        call.goOn();
                    }
                },
                nanos);
        if (!scheduled && waiting.remove(call)) {
            call.giveUp();
        }
    }

    /** Answers those that wait; values that have arrived are still decoded. */
    void close() {
        closed = true;
        for (LookupCall call : Set.copyOf(waiting)) {
            if (waiting.remove(call)) {
                call.giveUp();
            }
        }
        codecs.shutdown();
    }
}
