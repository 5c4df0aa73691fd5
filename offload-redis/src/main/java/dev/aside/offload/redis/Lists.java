package dev.aside.offload.redis;

import dev.aside.offload.job.JobRecord;
import io.lettuce.core.ScoredValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Jobs as the indexes list them. Thread-safe. */
final class Lists {
    private final Calls calls;
    private final Layout layout;

    Lists(Calls calls, Layout layout) {
        this.calls = calls;
        this.layout = layout;
    }

    /** The records of an index over all shards, those with the largest score first. */
    CompletionStage<List<JobRecord>> latest(String index, int limit) {
        return latest(List.of(index), limit);
    }

    /** The same of several indexes whose scores can be compared. */
    CompletionStage<List<JobRecord>> latest(Collection<String> indexes, int limit) {
        List<CompletableFuture<List<ScoredValue<byte[]>>>> shards = new ArrayList<>();
        for (int shard = 0; shard < layout.shards(); shard++) {
            for (String index : indexes) {
                String key = layout.prefix(shard) + index;
                shards.add(calls.send(async -> async.zrevrangeWithScores(key, 0, limit - 1L))
                        .toCompletableFuture());
            }
        }
        return RedisJobStore.all(shards)
                .thenCompose(done -> records(shards.stream()
                        .flatMap(shard -> shard.join().stream())
                        .sorted(Comparator.comparingDouble((ScoredValue<byte[]> entry) -> -entry.getScore()))
                        .limit(limit)
                        .map(entry -> Bytes.text(entry.getValue()))
                        .toList()));
    }

    private CompletionStage<List<JobRecord>> records(List<String> ids) {
        return Slices.ask(ids, this::record)
                .thenApply(found -> found.stream().flatMap(Optional::stream).toList());
    }

    private CompletionStage<Optional<JobRecord>> record(String id) {
        return calls.send(async -> async.hgetall(layout.job(id)))
                .thenApply(hash -> hash.isEmpty() ? Optional.empty() : Optional.of(RecordFields.read(id, hash)));
    }
}
