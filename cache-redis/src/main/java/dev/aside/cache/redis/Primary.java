package dev.aside.cache.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The server that holds the shards: one connection for commands, one for the log, and the watch over both.
 *
 * <p>{@link #commands}, {@link #attachAgain} and {@link #doubt} may be called by any thread; all else happens on the log
 * thread {@code aside-redis-log}, which runs no user code but the constructors of keys, and waits for nothing.
 */
final class Primary {
    private static final Logger LOG = System.getLogger(RedisTier.class.getName());

    /** How often within the bound the command connection has to prove itself. */
    private static final int VERIFICATIONS = 5;

    private final LogReader.Context context;
    private final Ticker ticker;
    private final long heartbeatNanos;
    private final long boundNanos;
    private final Connector connector;
    private final LogReader reader;
    private final String node;
    private final LinkKeeper commands;
    private final LinkKeeper log;
    private boolean met;
    private boolean down;

    Primary(LogReader.Context context, LogReader.Clocks clocks, Connector connector, String node, Runnable newHistory) {
        this.context = context;
        this.ticker = clocks.ticker();
        this.heartbeatNanos = clocks.heartbeatNanos();
        this.boundNanos = clocks.boundNanos();
        this.connector = connector;
        this.node = node;
        this.reader = new LogReader(context, clocks, node, newHistory);
        this.commands = new LinkKeeper(context.loop(), connector::open, new CommandsUse());
        this.log = new LinkKeeper(context.loop(), connector::open, new LogUse());
    }

    /** Connects; the result is that of the first attempt, after which attempts go on whatever it was. */
    CompletableFuture<Void> start() {
        CompletableFuture<Void> first = CompletableFuture.allOf(log.start(), commands.start());
        context.loop().repeat(this::verify, Math.max(heartbeatNanos, boundNanos / VERIFICATIONS));
        return first;
    }

    /** The connection for commands, or null while there is none that is attached. */
    @Nullable Link commands() {
        return commands.live();
    }

    /** Whether both connections are attached. */
    boolean connected() {
        return commands.live() != null && log.live() != null;
    }

    /** Ties the shards to the server's history once more, after a script found none. */
    CompletableFuture<?> attachAgain() {
        CompletableFuture<Object> done = new CompletableFuture<>();
        context.loop().execute(() -> {
            Link link = commands.live();
            if (link == null) {
                done.completeExceptionally(new IllegalStateException("not connected"));
                return;
            }
            reader.doubt();
            Attachment.run(link, context.layout(), context.shards()).whenComplete((positions, failure) -> {
                if (failure != null) {
                    done.completeExceptionally(failure);
                } else {
                    done.complete(positions);
                }
            });
        });
        return done;
    }

    /** Has the log reader look at its position again. */
    void doubt() {
        context.loop().execute(reader::doubt);
    }

    /** Ends both connections. */
    CompletableFuture<Void> close() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        context.loop().execute(() -> {
            reader.down();
            CompletableFuture.allOf(commands.close(), log.close())
                    .whenComplete((closed, failure) -> done.complete(null));
        });
        return done;
    }

    /**
     * The heartbeat of the command connection. The log's own heartbeat proves nothing about it: after a failover behind a
     * proxy the two may lead to different servers.
     */
    private void verify() {
        Link link = commands.live();
        Shard shard = context.shards().get(0);
        if (link == null || !shard.attached()) {
            return;
        }
        long sentAt = ticker.read();
        link.eval(Script.BEAT, List.of(shard.meta()), node)
                .whenComplete((reply, failure) -> context.loop().execute(() -> verified(link, sentAt, reply, failure)));
    }

    private void verified(Link link, long sentAt, @Nullable List<Object> reply, @Nullable Throwable failure) {
        if (link != commands.live()) {
            return;
        }
        if (reply == null) {
            if (failure != null && LogReader.wantsAttachment(failure)) {
                reader.doubt();
            }
            return;
        }
        if (context.shards().get(0).continues(Attachment.text(reply.get(3)))) {
            context.trust().contact(Trust.Path.COMMANDS, sentAt);
        } else if (log.live() != null) {
            link.lose("it leads to another server than the log's connection");
        }
    }

    private void lost(String why) {
        if (!down) {
            down = true;
            LOG.log(
                    Level.WARNING,
                    "Redis at " + connector.address() + " is lost (" + why + "): reads go to their loads until it is"
                            + " back, invalidations are kept and delivered then");
            context.events().publish(new RedisTierEvent.Lost(connector.address(), why));
        }
    }

    private void failed(Throwable cause) {
        Throwable root = cause.getCause() == null ? cause : cause.getCause();
        if (met) {
            lost(String.valueOf(root.getMessage()));
        } else {
            if (!down) { // a silence that began before this node did counts from here
                context.trust().contact(Trust.Path.COMMANDS, ticker.read());
            }
            down = true; // no word of it: who builds the tier is told
        }
    }

    /** There was no server when the tier was built, and it goes on without: for who listens, as if it had been lost. */
    void absent(String why) {
        context.loop().execute(() -> {
            if (!met) {
                down = true;
                context.events().publish(new RedisTierEvent.Lost(connector.address(), why));
            }
        });
    }

    private CompletionStage<List<Attachment.Position>> attach(Link link) {
        Pipeline pipeline = link.pipeline();
        CompletableFuture<String> info = pipeline.info("server");
        pipeline.send();
        CompletableFuture<List<Attachment.Position>> positions =
                Attachment.run(link, context.layout(), context.shards());
        return info.exceptionally(forbidden -> "").thenCompose(text -> {
            ServerVersion.check(connector.address(), text); // first: too old a server fails at something odd
            return positions;
        });
    }

    private void shown() {
        if (commands.live() == null || log.live() == null) {
            return;
        }
        if (down) {
            LOG.log(Level.INFO, "Redis at " + connector.address() + " is back");
        }
        met = true;
        down = false;
        context.events().publish(new RedisTierEvent.Connected(connector.address()));
    }

    private final class CommandsUse implements LinkKeeper.Use {
        @Override
        public CompletionStage<Runnable> attach(Link link) {
            long sentAt = ticker.read();
            return Primary.this.attach(link).thenApply(positions -> () -> {
                context.trust().contact(Trust.Path.COMMANDS, sentAt);
                shown();
            });
        }

        @Override
        public void lost(String why) {
            Primary.this.lost(why);
        }

        @Override
        public void failed(Throwable cause) {
            Primary.this.failed(cause);
        }
    }

    private final class LogUse implements LinkKeeper.Use {
        @Override
        public CompletionStage<Runnable> attach(Link link) {
            return Primary.this.attach(link).thenApply(positions -> () -> {
                reader.up(link, positions);
                shown();
            });
        }

        @Override
        public void lost(String why) {
            reader.down();
            Primary.this.lost(why);
        }

        @Override
        public void failed(Throwable cause) {
            Primary.this.failed(cause);
        }
    }
}
