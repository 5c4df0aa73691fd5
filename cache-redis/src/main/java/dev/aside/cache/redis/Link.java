package dev.aside.cache.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.CompleteableCommand;
import io.lettuce.core.protocol.RedisCommand;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a primary, for as long as it lives; a lost one is replaced, never repaired. Thread-safe.
 *
 * <p>It counts as lost when the socket closes, when commands time out for a second command timeout without one answer in
 * between (a black hole keeps the socket open), and when the server says that it is not the primary that was attached.
 */
final class Link {
    private static final long NEVER = Long.MIN_VALUE;
    private static final List<String> NOT_OUR_PRIMARY =
            List.of("READONLY", "LOADING", "MOVED", "ASK", "MASTERDOWN", "CLUSTERDOWN");

    private final StatefulRedisConnection<String, byte[]> connection;
    private final Ticker ticker;
    private final long patienceNanos;
    private final BiConsumer<Link, String> onLost;
    private final AtomicLong firstTimeout = new AtomicLong(NEVER);
    private final AtomicBoolean lost = new AtomicBoolean();
    private final ServerClock clock;

    /** @param onLost told once, on any thread, why the link is of no use any more */
    Link(
            StatefulRedisConnection<String, byte[]> connection,
            Clocks clocks,
            long patienceNanos,
            BiConsumer<Link, String> onLost) {
        this.connection = connection;
        this.ticker = clocks.ticker();
        this.clock = new ServerClock(clocks.calendar());
        this.patienceNanos = patienceNanos;
        this.onLost = onLost;
    }

    /** This node's clocks: elapsed time, and the time of day. */
    record Clocks(Ticker ticker, InstantSource calendar) {}

    /** The clock of the server it leads to. */
    ServerClock clock() {
        return clock;
    }

    Pipeline pipeline() {
        return new Pipeline(this);
    }

    CompletableFuture<List<Object>> eval(Script script, List<String> keys, Object... args) {
        Pipeline pipeline = pipeline();
        CompletableFuture<List<Object>> reply = pipeline.eval(script, keys, args);
        pipeline.send();
        return reply;
    }

    void send(List<RedisCommand<String, byte[], ?>> commands) {
        if (commands.isEmpty()) {
            return;
        }
        for (RedisCommand<String, byte[], ?> command : commands) {
            ((CompleteableCommand<?>) command).onComplete((value, failure) -> completed(failure));
        }
        try {
            connection.dispatch(commands);
        } catch (RedisException e) { // the queue is full, or the connection is closed
            commands.forEach(command -> command.completeExceptionally(e));
        }
    }

    /** Closes the connection and tells the owner, once. */
    void lose(String why) {
        if (lost.compareAndSet(false, true)) {
            if (connection.isOpen()) {
                var unused = connection.closeAsync();
            }
            onLost.accept(this, why);
        }
    }

    /** Closes the connection without telling anybody. */
    CompletableFuture<Void> close() {
        lost.set(true);
        return connection.closeAsync();
    }

    private void completed(@Nullable Throwable failure) {
        if (failure == null) {
            firstTimeout.set(NEVER);
        } else if (failure instanceof RedisCommandTimeoutException) {
            long now = ticker.read();
            if (!firstTimeout.compareAndSet(NEVER, now) && now - firstTimeout.get() >= patienceNanos) {
                lose("commands time out");
            }
        } else if (failure instanceof RedisCommandExecutionException refused) {
            firstTimeout.set(NEVER);
            String message = String.valueOf(refused.getMessage());
            if (NOT_OUR_PRIMARY.stream().anyMatch(message::startsWith)) {
                lose("the server answers " + message);
            }
        }
    }
}
