package dev.aside.offload.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Compares unfinished jobs with the indexes, slice by slice: a job that is in none of them is put back, an entry without
 * a job is taken out. Heals what was deleted by hand, evicted, or lost in a failover. Thread-safe.
 */
final class Audit {
    private static final long READER_MILLIS = TimeUnit.HOURS.toMillis(1);

    private static final long OTHERS_MILLIS = TimeUnit.SECONDS.toMillis(50);

    private final Calls calls;
    private final RedisJobOptions options;

    Audit(Calls calls, RedisJobOptions options) {
        this.calls = calls;
        this.options = options;
    }

    /** Goes once through all shards; the number of repairs. */
    CompletionStage<Integer> run() {
        return run(0);
    }

    /** {@link #run} of the shards that no process has gone through within a minute. */
    CompletionStage<Integer> runUnlessJustDone() {
        return run(OTHERS_MILLIS);
    }

    private CompletionStage<Integer> run(long exclusiveMillis) {
        List<CompletableFuture<Integer>> shards = new ArrayList<>();
        for (int shard = 0; shard < options.layout().shards(); shard++) {
            shards.add(from(shard, "0", 0, exclusiveMillis).toCompletableFuture());
        }
        return RedisJobStore.all(shards)
                .thenApply(done ->
                        shards.stream().mapToInt(CompletableFuture::join).sum());
    }

    private CompletionStage<Integer> from(int shard, String cursor, int repairs, long exclusiveMillis) {
        return calls.list(
                        JobScript.AUDIT,
                        shard,
                        cursor,
                        options.times().lease().toMillis(),
                        READER_MILLIS,
                        exclusiveMillis)
                .thenCompose(answer -> {
                    String next = Bytes.text(answer.get(0));
                    int all = repairs + (int) (long) (Long) answer.get(1);
                    return next.equals("0")
                            ? CompletableFuture.completedFuture(all)
                            : from(shard, next, all, exclusiveMillis);
                });
    }
}
