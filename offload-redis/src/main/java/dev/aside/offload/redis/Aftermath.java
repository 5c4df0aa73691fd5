package dev.aside.offload.redis;

import dev.aside.offload.spi.TimeSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * What follows the loss of connections. As soon as a shard answers again, which may be long after connections are made (a
 * server takes them while it loads its data), recent ends in it are said again, and who waits for a signal looks again:
 * once for connections that come in a group, and once more if some came meanwhile. Thread-safe.
 */
final class Aftermath {
    private static final System.Logger LOG = System.getLogger(RedisJobStore.class.getName());
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** Connections come in groups, and in trouble again and again. */
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Calls calls;
    private final EndWriter endWriter;
    private final Layout layout;
    private final TimeSource time;
    private final RecentEnds ends;
    private final Held held;
    private final Runnable missed;
    private final AtomicBoolean settling = new AtomicBoolean();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile boolean everLost;
    private volatile boolean closed;

    /** @param missed what tells that signals may have been missed */
    Aftermath(Calls calls, EndWriter endWriter, RedisJobOptions options, RecentEnds ends, Held held, Runnable missed) {
        this.calls = calls;
        this.endWriter = endWriter;
        this.layout = options.layout();
        this.time = options.time();
        this.ends = ends;
        this.held = held;
        this.missed = missed;
    }

    void lost() {
        everLost = true;
        ends.hold();
    }

    /** A connection was made; before any loss that means nothing. */
    void connected() {
        if (!everLost || closed) {
            return;
        }
        held.connected();
        connections.incrementAndGet();
        if (settling.compareAndSet(false, true)) {
            settle(SETTLE_NANOS, shards());
        }
    }

    private List<Integer> shards() {
        return IntStream.range(0, layout.shards()).boxed().toList();
    }

    /** Asks the shards that have not answered since. */
    private void settle(long pause, List<Integer> away) {
        time.schedule(time.nanoTime() + pause, () -> {
            int seen = connections.get();
            Set<Integer> back = ConcurrentHashMap.newKeySet();
            RedisJobStore.all(away.stream()
                            .map(shard -> answers(shard)
                                    .handle((there, failure) -> failure == null && back.add(shard))
                                    .toCompletableFuture())
                            .toList())
                    .thenAccept(asked -> {
                        if (!back.isEmpty()) {
                            returned(back);
                        }
                        rest(
                                seen,
                                away.stream()
                                        .filter(shard -> !back.contains(shard))
                                        .toList());
                    });
        });
    }

    private CompletionStage<?> answers(int shard) {
        return calls.send(async -> async.exists(layout.prefix(shard) + "meta"));
    }

    private void returned(Collection<Integer> shards) {
        held.connected();
        ends.all().stream().filter(end -> shards.contains(end.shard())).forEach(this::sayAgain);
        missed.run();
    }

    private void rest(int seen, List<Integer> away) {
        if (closed) {
            return;
        }
        time.schedule(time.nanoTime() + REST_NANOS, () -> {
            if (connections.get() != seen) {
                settle(0, shards());
            } else if (!away.isEmpty()) {
                settle(0, away);
            } else {
                ends.release();
                settling.set(false);
                if (connections.get() != seen && settling.compareAndSet(false, true)) {
                    settle(0, shards());
                }
            }
        });
    }

    private void sayAgain(RecentEnds.Written written) {
        endWriter.write(written.shard(), written.end()).whenComplete((answer, failure) -> {
            if (failure != null) {
                LOG.log(System.Logger.Level.DEBUG, "an end could not be said again", failure);
            }
        });
    }

    void close() {
        closed = true;
    }
}
