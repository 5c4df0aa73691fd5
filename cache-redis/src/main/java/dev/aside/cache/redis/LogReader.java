package dev.aside.cache.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.aside.cache.redis.Attachment.Position;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.StreamMessage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Follows the invalidation log of all shards of one primary and says how far this node has got.
 *
 * <p>Everything happens on the log thread. In a circle: send a heartbeat if one is due, and a blocking read behind it;
 * apply what arrives; again. A shard whose log does not go on where this node stands is attached anew and everything
 * held is dropped.
 */
final class LogReader {
    private static final Logger LOG = System.getLogger(RedisTier.class.getName());
    private static final int BATCH = 512;
    private static final int MAX_BEATS = 64;

    /** Entries in quick succession are fetched together, once in this time; a single one is never held up. */
    private static final long BUSY_PAUSE = TimeUnit.MILLISECONDS.toNanos(3);

    /** What the reader works on. */
    record Context(
            Layout layout, List<Shard> shards, OpenCaches caches, Trust trust, Threads.Loop loop, Events events) {}

    /** How it counts time. */
    record Clocks(Ticker ticker, InstantSource wall, long heartbeatNanos, long boundNanos) {}

    /** A heartbeat on its way: sent at an instant, when the shard stood at a sequence. */
    private record Beat(long sentAt, long sequence) {}

    private final Context context;
    private final Clocks clocks;
    private final String node;
    private final Runnable onNewHistory;
    private final List<Deque<Beat>> beats;
    private @Nullable Link link;
    private boolean resync;
    private long lastBeat;
    private long lastRead;
    private long lastTick;
    private long lastMillis;

    /** @param onNewHistory told when a shard's history turned out to be another one than before */
    LogReader(Context context, Clocks clocks, String node, Runnable onNewHistory) {
        this.context = context;
        this.clocks = clocks;
        this.node = node;
        this.onNewHistory = onNewHistory;
        this.beats = context.shards().stream()
                .<Deque<Beat>>map(shard -> new ArrayDeque<>())
                .toList();
        this.lastTick = clocks.ticker().read();
        this.lastMillis = clocks.wall().millis();
    }

    /** Starts to read from a connection that was attached at these positions. */
    void up(Link attached, List<Position> positions) {
        link = attached;
        resync = false;
        beats.forEach(Deque::clear);
        adopt(positions, false);
        lastBeat = clocks.ticker().read() - clocks.heartbeatNanos();
        step(attached);
    }

    void down() {
        link = null;
        beats.forEach(Deque::clear);
    }

    /** Has the positions looked up anew: somebody saw a sign that this node's are over. */
    void doubt() {
        resync = true;
    }

    private void step(Link from) {
        if (link != from) {
            return;
        }
        checkSuspension();
        context.trust().tell();
        if (resync) {
            resync = false;
            attachAgain(from);
            return;
        }
        Pipeline pipeline = from.pipeline();
        long now = clocks.ticker().read();
        lastRead = now;
        if (now - lastBeat >= clocks.heartbeatNanos()) {
            lastBeat = now;
            context.shards().forEach(shard -> beat(pipeline, from, shard, now));
        }
        long block = TimeUnit.NANOSECONDS.toMillis(clocks.heartbeatNanos() - (now - lastBeat));
        List<String> logs = context.shards().stream().map(Shard::log).toList();
        List<String> after =
                context.shards().stream().map(shard -> shard.applied() + "-0").toList();
        var reply = pipeline.readLogs(Math.max(1, block), BATCH, logs, after);
        reply.whenComplete((entries, failure) -> context.loop().execute(() -> arrived(from, entries, failure)));
        pipeline.send();
    }

    private void arrived(
            Link from, @Nullable List<StreamMessage<String, byte[]>> entries, @Nullable Throwable failure) {
        if (link != from) {
            return;
        }
        if (failure instanceof RedisCommandExecutionException) {
            resync = true; // a log of a wrong type
        } else if (failure != null) {
            from.lose("the log does not answer");
            return;
        } else if (entries != null) {
            try {
                entries.forEach(this::apply);
            } catch (RuntimeException e) {
                // The position has not moved past the entry: it is read again, and until then nothing gets fresher.
                LOG.log(Level.ERROR, "an entry of the invalidation log could not be applied", e);
                from.lose("an entry of the log could not be applied");
                return;
            }
            context.shards().forEach(this::settle);
            long early = BUSY_PAUSE - (clocks.ticker().read() - lastRead);
            if (early > 0 && !entries.isEmpty() && entries.size() < BATCH) {
                context.loop().schedule(() -> step(from), early);
                return;
            }
        }
        step(from);
    }

    private void apply(StreamMessage<String, byte[]> entry) {
        if (resync) {
            return; // what follows a gap is covered by the clear
        }
        Shard shard = shardOf(entry.getStream());
        Map<String, byte[]> body = entry.getBody();
        LogEntry said = body == null ? null : LogEntry.read(body.get(LogEntry.FIELD));
        long sequence = sequence(entry.getId());
        if (said == null
                || !said.generation().equals(shard.generation())
                || sequence > shard.applied() + 1
                || sequence < 0) {
            resync = true;
        } else if (sequence == shard.applied() + 1) {
            context.caches().apply(said.cache(), said.logKey(), said.node().equals(node));
            shard.applied(sequence);
        } // else a duplicate
    }

    private Shard shardOf(String log) {
        for (Shard shard : context.shards()) {
            if (shard.log().equals(log)) {
                return shard;
            }
        }
        throw new IllegalStateException("an entry of a log that was not asked for");
    }

    private static long sequence(String id) {
        try {
            return id.endsWith("-0") ? Long.parseLong(id.substring(0, id.length() - 2)) : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private void beat(Pipeline pipeline, Link from, Shard shard, long sentAt) {
        long stood = shard.applied();
        long sentMillis = clocks.wall().millis();
        pipeline.eval(Script.BEAT, List.of(shard.meta()), node)
                .whenComplete((reply, failure) -> context.loop().execute(() -> {
                    if (link != from) {
                        return;
                    }
                    if (reply != null) {
                        answered(shard, reply, new Beat(sentAt, stood), sentMillis);
                    } else if (failure != null && wantsAttachment(failure)) {
                        resync = true;
                    } // else the time that passes without a heartbeat ends the trust
                }));
    }

    private void answered(Shard shard, List<Object> reply, Beat sent, long sentMillis) {
        long sequence = (Long) reply.get(1);
        String history = Attachment.text(reply.get(2));
        boolean same = Attachment.text(reply.get(0)).equals(shard.generation())
                && history.equals(shard.history())
                && shard.continues(Attachment.text(reply.get(3)));
        if (!same || sequence < sent.sequence()) {
            resync = true;
            return;
        }
        context.trust().contact(Trust.Path.LOG, sent.sentAt());
        if (suspended(sent.sentAt(), sentMillis)) {
            return;
        }
        shard.announced(sequence);
        Deque<Beat> waiting = beats.get(shard.index());
        if (waiting.size() < MAX_BEATS) {
            waiting.add(new Beat(sent.sentAt(), sequence));
        }
        settle(shard);
    }

    /** Everything that stood in the log when a heartbeat was sent is applied as soon as its sequence is reached. */
    private void settle(Shard shard) {
        Deque<Beat> waiting = beats.get(shard.index());
        while (!waiting.isEmpty() && waiting.element().sequence() <= shard.applied()) {
            context.trust().fresh(shard.index(), waiting.remove().sentAt());
        }
        if (!waiting.isEmpty() && clocks.ticker().read() - waiting.element().sentAt() > clocks.boundNanos()) {
            resync = true; // the entries are gone, or come faster than they can be applied: jump over them
        }
    }

    static boolean wantsAttachment(Throwable failure) {
        Throwable cause = failure.getCause() != null && !(failure instanceof RedisCommandExecutionException)
                ? failure.getCause()
                : failure;
        String message = String.valueOf(cause.getMessage());
        return cause instanceof RedisCommandExecutionException
                && (message.startsWith("NOGEN") || message.startsWith("NOLOG") || message.startsWith("WRONGTYPE"));
    }

    private void attachAgain(Link from) {
        beats.forEach(Deque::clear);
        CompletableFuture<List<Position>> attaching = Attachment.run(from, context.layout(), context.shards());
        attaching.whenComplete((positions, failure) -> context.loop().execute(() -> {
            if (link != from) {
                return;
            }
            if (positions == null) {
                from.lose("the shards could not be attached again");
                return;
            }
            adopt(positions, true);
            step(from);
        }));
    }

    /** @param gap whether what lies between here and the positions is lost for this node */
    private void adopt(List<Position> positions, boolean gap) {
        boolean newHistory = false;
        for (Shard shard : context.shards()) {
            Position position = positions.get(shard.index());
            boolean known = shard.attached();
            boolean same = position.generation().equals(shard.generation())
                    && position.history().equals(shard.history())
                    && position.sequence() >= shard.applied();
            if (same && (!gap || position.sequence() == shard.applied())) {
                continue; // nothing is missing, or the log still has it
            }
            if (known) {
                String reason = same ? "the log does not go on where this node stood" : "the history is another one";
                LOG.log(Level.DEBUG, "shard " + shard.index() + " is cleared: " + reason);
                context.events().publish(new RedisTierEvent.Gap(shard.index(), reason));
            }
            // Cleared after the position was read and before it is taken over: what is loaded from now on is at least
            // as new as the position.
            context.caches().clearAll("shard " + shard.index() + " lost its place in the log");
            newHistory |= known && !same;
            shard.adopt(position);
        }
        if (newHistory) {
            onNewHistory.run();
        }
    }

    /** A suspended machine stops the elapsed time but not the calendar: what was fresh before may be old. */
    private void checkSuspension() {
        long tick = clocks.ticker().read();
        long millis = clocks.wall().millis();
        if (suspended(lastTick, lastMillis)) {
            beats.forEach(Deque::clear);
            context.trust().distrust();
        }
        lastTick = tick;
        lastMillis = millis;
    }

    private boolean suspended(long sinceTick, long sinceMillis) {
        long elapsed = clocks.ticker().read() - sinceTick;
        long calendar = TimeUnit.MILLISECONDS.toNanos(clocks.wall().millis() - sinceMillis);
        return calendar - elapsed > clocks.boundNanos();
    }
}
