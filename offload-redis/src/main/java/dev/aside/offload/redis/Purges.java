package dev.aside.offload.redis;

import dev.aside.offload.job.JobState;
import dev.aside.offload.spi.Purge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Deletes jobs that are over, slice by slice, in all shards at once. Thread-safe. */
final class Purges {
    private static final int SLICE = 500;

    private final Calls calls;
    private final Layout layout;

    Purges(Calls calls, Layout layout) {
        this.calls = calls;
        this.layout = layout;
    }

    /** Closures that FAILED are not dead: they stand among the finished ones. */
    CompletionStage<Integer> of(Purge which) {
        String state = which.state().name();
        CompletionStage<Integer> finished = finished(which.type(), state, which.olderThan());
        return which.state() == JobState.FAILED
                ? finished.thenCombine(dead(which.type(), which.olderThan()), Integer::sum)
                : finished;
    }

    /** Those in the index of finished jobs; without a type those of all types, with a blank state those of any. */
    CompletionStage<Integer> finished(@Nullable String type, String state, Duration olderThan) {
        return each(List.of(new Order(JobIndex.FINISHED.of(""), type == null ? "" : type, state, olderThan)));
    }

    /** Dead ones; without a type those of all types. */
    CompletionStage<Integer> dead(@Nullable String type, Duration olderThan) {
        CompletionStage<? extends Collection<String>> types =
                type == null ? types() : CompletableFuture.completedStage(List.of(type));
        return types.thenCompose(all -> each(all.stream()
                .map(name -> new Order(JobIndex.DEAD.of(name), name, "", olderThan))
                .toList()));
    }

    private CompletionStage<Set<String>> types() {
        List<CompletableFuture<Set<byte[]>>> shards = new ArrayList<>();
        for (int shard = 0; shard < layout.shards(); shard++) {
            String key = layout.prefix(shard) + "types";
            shards.add(calls.send(async -> async.smembers(key)).toCompletableFuture());
        }
        return RedisJobStore.all(shards)
                .thenApply(done -> shards.stream()
                        .flatMap(shard -> shard.join().stream())
                        .map(Bytes::text)
                        .collect(Collectors.toSet()));
    }

    /** What to delete of one index. */
    private record Order(String index, String type, String state, Duration olderThan) {}

    private CompletionStage<Integer> each(List<Order> orders) {
        List<CompletableFuture<Integer>> deleted = new ArrayList<>();
        for (Order order : orders) {
            for (int shard = 0; shard < layout.shards(); shard++) {
                deleted.add(slices(shard, order, 0, 0).toCompletableFuture());
            }
        }
        return RedisJobStore.all(deleted)
                .thenApply(done ->
                        deleted.stream().mapToInt(CompletableFuture::join).sum());
    }

    private CompletionStage<Integer> slices(int shard, Order order, long skip, int before) {
        return calls.list(
                        JobScript.PURGE,
                        shard,
                        order.index(),
                        order.type(),
                        order.olderThan().toMillis(),
                        skip,
                        SLICE,
                        order.state())
                .thenCompose(answer -> {
                    int deleted = before + (int) (long) (Long) answer.get(0);
                    long next = (Long) answer.get(1);
                    return next < 0 ? CompletableFuture.completedStage(deleted) : slices(shard, order, next, deleted);
                });
    }
}
