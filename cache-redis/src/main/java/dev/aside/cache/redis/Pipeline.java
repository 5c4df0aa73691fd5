package dev.aside.cache.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.output.StreamReadOutput;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandKeyword;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Commands on their way to one {@link Link}, sent in one go by {@link #send}. Not thread-safe; used once.
 *
 * <p>A script is called by its hash, and sent in full if the server has forgotten it. Script replies are lists, also
 * where the script returns a single number.
 */
final class Pipeline {
    static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    private final Link link;
    private final List<RedisCommand<String, byte[], ?>> commands = new ArrayList<>();

    Pipeline(Link link) {
        this.link = link;
    }

    /** The server's clock in milliseconds. It has no time limit of its own: the command that follows has one. */
    CompletableFuture<Long> time() {
        return add(CommandType.TIME, new ValueListOutput<>(CODEC), args())
                .thenApply(Pipeline::millis)
                .toCompletableFuture();
    }

    /** @param parts seconds and microseconds */
    private static long millis(List<byte[]> parts) {
        return TimeUnit.SECONDS.toMillis(number(parts.get(0))) + TimeUnit.MICROSECONDS.toMillis(number(parts.get(1)));
    }

    private static long number(byte[] digits) {
        return Long.parseLong(new String(digits, StandardCharsets.ISO_8859_1));
    }

    /** What the server says of itself in a section. */
    CompletableFuture<String> info(String section) {
        return add(CommandType.INFO, new StatusOutput<>(CODEC), args().add(section))
                .toCompletableFuture();
    }

    /** The strings under the keys; null where there is none, or something else. */
    CompletableFuture<List<byte[]>> mget(List<String> keys) {
        CommandArgs<String, byte[]> args = args();
        keys.forEach(key -> args.add(utf8(key)));
        return add(CommandType.MGET, new ValueListOutput<>(CODEC), args);
    }

    CompletableFuture<List<StreamMessage<String, byte[]>>> readLogs(
            long blockMillis, int count, List<String> logs, List<String> after) {
        CommandArgs<String, byte[]> args = args().add(CommandKeyword.BLOCK).add(blockMillis);
        args.add(CommandKeyword.COUNT).add(count).add("STREAMS").addKeys(logs);
        after.forEach(args::add);
        return add(CommandType.XREAD, new StreamReadOutput<>(CODEC), args);
    }

    /** Has the server learn all scripts, so that the first call of each is as short as the others. */
    void learnScripts() {
        for (Script script : Script.values()) {
            var unused = add(
                    CommandType.SCRIPT,
                    new StatusOutput<>(CODEC),
                    args().add("LOAD").addKey(script.text()));
        }
    }

    /** @param args strings, numbers and byte arrays */
    CompletableFuture<List<Object>> eval(Script script, List<String> keys, Object... args) {
        CommandArgs<String, byte[]> known = scriptArgs(script.sha1(), keys, args);
        return add(CommandType.EVALSHA, new NestedMultiOutput<>(CODEC), known)
                .exceptionallyCompose(failure ->
                        isNoScript(failure) ? evalInFull(script, keys, args) : CompletableFuture.failedFuture(failure))
                .toCompletableFuture();
    }

    private CompletableFuture<List<Object>> evalInFull(Script script, List<String> keys, Object... args) {
        Pipeline again = new Pipeline(link);
        CompletableFuture<List<Object>> reply =
                again.add(CommandType.EVAL, new NestedMultiOutput<>(CODEC), scriptArgs(script.text(), keys, args));
        again.send();
        return reply;
    }

    void send() {
        link.send(commands);
    }

    private <T> AsyncCommand<String, byte[], T> add(
            CommandType type, CommandOutput<String, byte[], T> output, CommandArgs<String, byte[]> args) {
        AsyncCommand<String, byte[], T> command = new AsyncCommand<>(new Command<>(type, output, args));
        commands.add(command);
        return command;
    }

    private static CommandArgs<String, byte[]> args() {
        return new CommandArgs<>(CODEC);
    }

    private static CommandArgs<String, byte[]> scriptArgs(String script, List<String> keys, Object... args) {
        CommandArgs<String, byte[]> all = args().add(utf8(script)).add(keys.size());
        keys.forEach(key -> all.add(utf8(key)));
        for (Object arg : args) {
            if (arg instanceof byte[] bytes) {
                all.add(bytes);
            } else if (arg instanceof Number number) {
                all.add(number.longValue());
            } else {
                all.add(utf8((String) arg));
            }
        }
        return all;
    }

    /** Encoded by the caller: the connection's thread, which all callers share, would take a buffer for each text. */
    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isNoScript(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof RedisNoScriptException;
    }
}
