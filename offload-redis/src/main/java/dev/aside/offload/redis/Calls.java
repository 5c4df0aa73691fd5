package dev.aside.offload.redis;

import dev.aside.offload.JobStoreException;
import dev.aside.offload.spi.TimeSource;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands. What Redis refuses for a moment (a slot that is being moved, a server that loads or lost its role) is
 * sent again until the time of a command is over; all else that goes wrong is a {@link JobStoreException}. Thread-safe.
 */
final class Calls {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final List<String> FOR_A_MOMENT = List.of(
            "TRYAGAIN", "LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "UNBLOCKED", "ASK", "MOVED", "NOREPLICAS");

    private final Keeper<Deployment.Commands> keeper;
    private final RedisJobOptions options;
    /** What ends the commands that wait for another try. */
    private final Set<Runnable> pausing = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    Calls(Keeper<Deployment.Commands> keeper, RedisJobOptions options) {
        this.keeper = keeper;
        this.options = options;
    }

    /** Something to send. */
    interface Command<T> extends Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> {}

    /** Runs a script on a shard. */
    <T> CompletionStage<T> eval(JobScript script, int shard, ScriptOutputType type, Object... own) {
        String[] keys = keys(shard);
        byte[][] args = arguments(shard, own);
        return send(async -> eval(async, script, type, keys, args));
    }

    String[] keys(int shard) {
        String prefix = options.layout().prefix(shard);
        return new String[] {prefix + "meta", prefix + '!'};
    }

    byte[][] arguments(int shard, Object... own) {
        byte[][] args = new byte[own.length + 4][];
        args[0] = Bytes.of(options.layout().prefix(shard));
        args[1] = Bytes.of(options.times().status().toMillis());
        args[2] = Bytes.of(options.times().dead().toMillis());
        args[3] = Bytes.of(options.limits().retained());
        for (int i = 0; i < own.length; i++) {
            args[i + 4] = Bytes.of(own[i]);
        }
        return args;
    }

    static <T> CompletionStage<T> eval(
            RedisClusterAsyncCommands<String, byte[]> async,
            JobScript script,
            ScriptOutputType type,
            String[] keys,
            byte[][] args) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        async.<T>evalsha(script.sha1(), type, keys, args).whenComplete((value, failure) -> {
            if (failure instanceof RedisNoScriptException) {
                async.<T>eval(script.text(), type, keys, args)
                        .whenComplete((second, again) -> settle(answer, second, again));
            } else {
                settle(answer, value, failure);
            }
        });
        return answer;
    }

    private static <T> void settle(CompletableFuture<T> answer, T value, @Nullable Throwable failure) {
        if (failure == null) {
            answer.complete(value);
        } else {
            answer.completeExceptionally(failure);
        }
    }

    /** {@link #eval} for an answer that is one word. */
    <E extends Enum<E>> CompletionStage<E> word(Class<E> words, JobScript script, int shard, Object... own) {
        return this.<byte[]>eval(script, shard, ScriptOutputType.VALUE, own)
                .thenApply(answer -> Enum.valueOf(words, Bytes.text(answer)));
    }

    /** {@link #eval} for an answer that is a list. */
    CompletionStage<List<Object>> list(JobScript script, int shard, Object... own) {
        return eval(script, shard, ScriptOutputType.MULTI, own);
    }

    <T> CompletionStage<T> send(Command<T> command) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        long deadline = options.time().nanoTime() + options.times().command().toNanos();
        send(command, answer, deadline);
        return answer;
    }

    private <T> void send(Command<T> command, CompletableFuture<T> answer, long deadline) {
        CompletableFuture<Deployment.Commands> opening = keeper.get();
        if (!opening.isDone()) {
            limit(answer, deadline);
        }
        opening.whenComplete((connection, failure) -> {
            if (connection == null) {
                again(command, answer, deadline, Calls.unwrapped(failure));
                return;
            }
            if (answer.isDone()) {
                return; // it took too long to open
            }
            CompletionStage<T> sent;
            try {
                sent = command.apply(connection.async());
            } catch (RuntimeException e) { // closed, or its queue is full
                sent = CompletableFuture.failedStage(e);
            }
            sent.whenComplete((value, refused) -> {
                Throwable cause = unwrapped(refused);
                keeper.went(connection, cause);
                if (cause == null) {
                    answer.complete(value);
                } else {
                    if (isOfANodeThatLostItsRole(cause)) {
                        keeper.renew(connection);
                    }
                    again(command, answer, deadline, cause);
                }
            });
        });
    }

    private <T> void again(
            Command<T> command, CompletableFuture<T> answer, long deadline, @Nullable Throwable failure) {
        if (failure == null || !isForAMoment(failure) || options.time().nanoTime() - deadline >= 0 || closed) {
            answer.completeExceptionally(trouble(failure));
            return;
        }
        Runnable end = () -> answer.completeExceptionally(trouble(new IllegalStateException("the store is closed")));
        pausing.add(end);
        options.time().schedule(options.time().nanoTime() + PAUSE_NANOS, () -> {
            pausing.remove(end);
            send(command, answer, deadline);
        });
    }

    /** A connection that takes long to open costs a command no more than its time. */
    private void limit(CompletableFuture<?> answer, long deadline) {
        TimeSource.Timeout limit = options.time()
                .schedule(
                        deadline,
                        () -> answer.completeExceptionally(trouble(new TimeoutException("no connection yet"))));
        answer.whenComplete((value, failure) -> limit.cancel());
    }

    /** Timers end with the store: who waits for one hears of it now. */
    void close() {
        closed = true;
        pausing.forEach(Runnable::run);
    }

    static @Nullable Throwable unwrapped(@Nullable Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static boolean isForAMoment(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return failure instanceof RedisCommandExecutionException
                && FOR_A_MOMENT.stream().anyMatch(message::startsWith);
    }

    /** Whether it is the answer of a server that was started a moment ago. */
    static boolean isLoading(@Nullable Throwable failure) {
        return failure instanceof RedisLoadingException;
    }

    private static boolean isOfANodeThatLostItsRole(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return message.startsWith("READONLY") || message.startsWith("MASTERDOWN");
    }

    JobStoreException trouble(@Nullable Throwable failure) {
        return trouble(options, failure);
    }

    static JobStoreException trouble(RedisJobOptions options, @Nullable Throwable failure) {
        return failure instanceof JobStoreException own
                ? own
                : new JobStoreException("the job store on Redis, " + options.address() + ", failed", failure);
    }
}
