package dev.aside.offload.redis;

import dev.aside.offload.JobStoreException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/**
 * Takes new jobs in; those of types that have to be on replicas too, over a connection of their own, because the wait for
 * replicas holds up whatever shares the connection. Thread-safe.
 */
final class Replication {
    private final Calls calls;
    private final RedisJobOptions options;
    private final GroupCommit submits;
    private final List<Keeper<StatefulRedisConnection<String, byte[]>>> keepers;

    Replication(Calls calls, Deployment deployment, RedisJobOptions options) {
        this.calls = calls;
        this.options = options;
        this.submits = new GroupCommit(
                calls, options, JobScript.SUBMIT, options.limits().backlog());
        this.keepers = IntStream.range(0, options.layout().shards())
                .mapToObj(shard -> new Keeper<>(
                        () -> deployment.primaryOf(options.layout().prefix(shard) + "meta"),
                        StatefulRedisConnection::closeAsync,
                        options.time()))
                .toList();
    }

    /**
     * Takes one job in.
     *
     * @param job what the script is told of it
     * @return the script's word
     */
    CompletionStage<String> submit(String type, int shard, List<Object> job) {
        if (!options.durability().types().contains(type)) {
            return submits.add(shard, job);
        }
        List<Object> args = new ArrayList<>(List.of(options.limits().backlog(), 1));
        args.addAll(job);
        return calls.send(async -> async.exists(options.layout().prefix(shard) + "meta")) // knows a cluster's slots
                .thenCompose(ready -> open(keepers.get(shard)))
                .thenCompose(connection -> submit(connection, shard, args.toArray()))
                .thenApply(answers -> GroupCommit.word(options, answers.get(0)));
    }

    private CompletionStage<StatefulRedisConnection<String, byte[]>> open(
            Keeper<StatefulRedisConnection<String, byte[]>> keeper) {
        return keeper.get().thenCompose(connection -> {
            if (connection.isOpen()) {
                return CompletableFuture.completedFuture(connection);
            }
            keeper.renew(connection);
            return keeper.get();
        });
    }

    private CompletionStage<List<Object>> submit(
            StatefulRedisConnection<String, byte[]> connection, int shard, Object[] args) {
        CompletableFuture<List<Object>> answer = new CompletableFuture<>();
        Calls.<List<Object>>eval(
                        connection.async(),
                        JobScript.SUBMIT,
                        ScriptOutputType.MULTI,
                        calls.keys(shard),
                        calls.arguments(shard, args))
                .thenCompose(admitted -> connection
                        .async()
                        .waitForReplication(
                                options.durability().replicas(),
                                options.durability().timeout().toMillis())
                        .thenApply(copies -> {
                            if (copies < options.durability().replicas()) {
                                throw new JobStoreException(
                                        "the job is stored, but only " + copies + " of "
                                                + options.durability().replicas() + " replicas have it within "
                                                + options.durability().timeout().toMillis()
                                                + " ms. Hint: ask again with the same idempotency key.",
                                        null);
                            }
                            return admitted;
                        }))
                .whenComplete((admitted, failure) -> {
                    Throwable cause = Calls.unwrapped(failure);
                    if (cause == null) {
                        answer.complete(admitted);
                    } else {
                        if (!(cause instanceof JobStoreException)) {
                            keepers.get(shard).renew(connection); // its node may not be the primary any more
                        }
                        answer.completeExceptionally(calls.trouble(cause));
                    }
                });
        return answer;
    }

    void close() {
        keepers.forEach(Keeper::close);
    }
}
