package dev.aside.cache.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs scripts that write, and does what they ask for: attaches the shard anew, or tells them of all shapes there are.
 * Thread-safe.
 */
final class ShardScripts {
    private static final int ATTEMPTS = 4;

    private final Supplier<@Nullable Link> commands;
    private final Supplier<CompletableFuture<?>> attach;
    private final String node;
    private final LongAdder roundTrips;

    /**
     * @param attach ties the shards to the server's history once more
     * @param node who writes to the log
     * @param roundTrips counts them
     */
    ShardScripts(
            Supplier<@Nullable Link> commands,
            Supplier<CompletableFuture<?>> attach,
            String node,
            LongAdder roundTrips) {
        this.commands = commands;
        this.attach = attach;
        this.node = node;
        this.roundTrips = roundTrips;
    }

    /** One call of a script. */
    record Call(Script script, List<String> keys, List<Object> args) {}

    /** What a script is told to append to the log. */
    String logged(String cache, String logKey) {
        return LogEntry.written(node, cache, logKey);
    }

    /** Whether there is a connection, so that it makes sense to try. */
    boolean reachable() {
        return commands.get() != null;
    }

    /**
     * Runs a script on a shard.
     *
     * @param call gives the call, by the shapes in which the cache's values may stand
     * @return the reply; fails if there is no connection or no answer, or if the script goes on asking
     */
    CompletableFuture<List<Object>> run(Shard shard, String cache, Function<String, Call> call) {
        return run(shard, cache, call, ATTEMPTS);
    }

    private CompletableFuture<List<Object>> run(Shard shard, String cache, Function<String, Call> call, int attempts) {
        Link link = commands.get();
        if (link == null || attempts == 0) {
            return CompletableFuture.failedFuture(new IllegalStateException(
                    link == null ? "not connected" : "the server goes on asking for something else"));
        }
        Call now = call.apply(shard.shapes(cache));
        roundTrips.increment();
        return link.eval(now.script(), now.keys(), now.args().toArray())
                .thenCompose(reply -> {
                    if (!asksForShapes(reply)) {
                        noteLogged(shard, reply);
                        return CompletableFuture.completedFuture(reply);
                    }
                    shard.shapes(cache, Attachment.text(reply.get(1)));
                    return run(shard, cache, call, attempts - 1);
                })
                .exceptionallyCompose(failure -> LogReader.wantsAttachment(failure)
                        ? attach.get().thenCompose(attached -> run(shard, cache, call, attempts - 1))
                        : CompletableFuture.failedFuture(failure));
    }

    /** What a script has appended to the log, this node has seen: {@code K}, generation, sequence. */
    private static void noteLogged(Shard shard, List<Object> reply) {
        if (((byte[]) reply.get(0))[0] == 'K') {
            shard.wrote(Attachment.text(reply.get(1)), (Long) reply.get(2));
        }
    }

    private static boolean asksForShapes(List<Object> reply) {
        return ((byte[]) reply.get(0))[0] == 'S';
    }
}
