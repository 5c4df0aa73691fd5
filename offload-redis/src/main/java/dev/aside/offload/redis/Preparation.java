package dev.aside.offload.redis;

import dev.aside.offload.JobStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What is asked of Redis before a new connection is used. */
final class Preparation {
    private static final System.Logger LOG = System.getLogger(RedisJobStore.class.getName());
    private static final String POLICY = "maxmemory_policy:";

    private Preparation() {}

    /**
     * The connection, when Redis is new enough, the namespace laid out as expected, and no job thrown away. To jobs that
     * are in it already, staying away would be no help: a store that runs only warns of the latter.
     */
    static CompletionStage<Deployment.Commands> of(
            RedisJobOptions options, Deployment deployment, Deployment.Commands opened, boolean running) {
        return version(options, opened)
                .thenCompose(done -> layout(options, opened))
                .thenCompose(done -> memory(options, deployment, opened))
                .thenAccept(evicting -> evicting.ifPresent(policy -> {
                    JobStoreException evicts = evicts(options, policy);
                    if (!running) {
                        throw evicts;
                    }
                    LOG.log(System.Logger.Level.WARNING, evicts.getMessage());
                }))
                .thenApply(done -> opened)
                .whenComplete((ready, failure) -> {
                    if (failure != null) {
                        var unused = opened.connection().closeAsync();
                    }
                });
    }

    private static CompletionStage<Void> version(RedisJobOptions options, Deployment.Commands opened) {
        return opened.async()
                .info("server")
                .exceptionally(forbidden -> "")
                .thenAccept(info -> ServerVersion.check(options.address().toString(), info));
    }

    private static CompletionStage<Void> layout(RedisJobOptions options, Deployment.Commands opened) {
        Layout layout = options.layout();
        List<CompletableFuture<?>> shards = new ArrayList<>();
        for (int shard = 0; shard < layout.shards(); shard++) {
            String meta = layout.prefix(shard) + "meta";
            shards.add(opened.async()
                    .hgetall(meta)
                    .thenCompose(left -> {
                        check(layout, left.get("shards"));
                        Map<String, byte[]> missing = Settings.missing(options, left);
                        return missing.isEmpty()
                                ? CompletableFuture.completedFuture(0L)
                                : opened.async().hset(meta, missing).exceptionally(Preparation::whenFull);
                    })
                    .toCompletableFuture());
        }
        return RedisJobStore.all(shards);
    }

    private static void check(Layout layout, byte @Nullable [] found) {
        if (found != null && !Bytes.text(found).equals(String.valueOf(layout.shards()))) {
            throw new JobStoreException(
                    "the jobs of namespace '" + layout.namespace() + "' are laid out in " + Bytes.text(found)
                            + " shards, not in " + layout.shards() + ". Hint: set shards(" + Bytes.text(found)
                            + ") or another namespace.",
                    null);
        }
    }

    /** A Redis that is full must not keep the processes out that would empty it. */
    private static Long whenFull(Throwable failure) {
        Throwable cause = Calls.unwrapped(failure);
        if (String.valueOf(cause == null ? null : cause.getMessage()).startsWith("OOM")) {
            return 0L;
        }
        throw new CompletionException(cause);
    }

    /** The policy of a server that throws keys away; empty if none does, or it may. */
    private static CompletionStage<Optional<String>> memory(
            RedisJobOptions options, Deployment deployment, Deployment.Commands opened) {
        if (options.mayEvict()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return deployment
                .memory(opened)
                .thenApply(infos -> infos.stream()
                        .flatMap(String::lines)
                        .filter(line -> line.startsWith(POLICY))
                        .map(line -> line.substring(POLICY.length()).strip())
                        .filter(policy -> !policy.equals("noeviction"))
                        .findFirst());
    }

    private static JobStoreException evicts(RedisJobOptions options, String policy) {
        return new JobStoreException(
                "Redis, " + options.address() + ", throws jobs away when it is full: its maxmemory-policy is " + policy
                        + ". Hint: set it to noeviction, or use a Redis of its own for jobs;"
                        + " RedisJobStoreBuilder.allowEviction() accepts the loss.",
                null);
    }
}
