package dev.aside.cache.redis;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The invalidations of one shard, two scripts at a time: what comes while they are under way goes together with the next (a
 * group commit), for most of what a short script costs is the call. One by itself does not wait. Thread-safe.
 */
final class InvalidationQueue {
    /** While one is with the server, another one is on its way: with one at a time the server would wait for each answer. */
    private static final int MOST_UNDER_WAY = 2;

    private final Script script;
    private final Deque<Waiting> queue = new ArrayDeque<>(); // guarded by this
    private int underWay; // guarded by this

    /** Invalidates keys of one cache, each with the tokens of the announced writes that end by it. */
    interface Script {
        CompletableFuture<?> run(String cache, Map<String, String> targets);
    }

    private record Waiting(String cache, Map<String, String> targets, CompletableFuture<Void> done) {}

    InvalidationQueue(Script script) {
        this.script = script;
    }

    /**
     * Invalidates some keys; fails if nobody knows whether that was done.
     *
     * @param targets not more than a script is given
     */
    CompletableFuture<Void> add(String cache, Map<String, String> targets) {
        Waiting waiting = new Waiting(cache, targets, new CompletableFuture<>());
        synchronized (this) {
            queue.add(waiting);
            if (underWay == MOST_UNDER_WAY) {
                return waiting.done;
            }
            underWay++;
        }
        next();
        return waiting.done;
    }

    /** Goes on for one that is not under way any more, or not yet. */
    private void next() {
        List<Waiting> batch = batch();
        if (!batch.isEmpty()) {
            run(batch).whenComplete((reply, failure) -> {
                List<Waiting> over = failure == null || isRefusal(failure) ? batch : withAllThatWait(batch);
                next();
                over.forEach(waiting -> settle(waiting.done, failure));
            });
        }
    }

    /** Whatever happens, there is an answer: without one the queue would stand still for ever. */
    private CompletableFuture<?> run(List<Waiting> batch) {
        try {
            return script.run(batch.get(0).cache, merged(batch));
        } catch (RuntimeException e) { // a connection that is closed
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The first that waits, and what else of its cache fits. */
    private synchronized List<Waiting> batch() {
        List<Waiting> batch = new ArrayList<>();
        int keys = 0;
        for (Iterator<Waiting> rest = queue.iterator(); rest.hasNext() && keys < Invalidator.KEYS_PER_CALL; ) {
            Waiting one = rest.next();
            boolean fits = keys + one.targets.size() <= Invalidator.KEYS_PER_CALL;
            if (batch.isEmpty() || (fits && one.cache.equals(batch.get(0).cache))) {
                batch.add(one);
                keys += one.targets.size();
                rest.remove();
            }
        }
        if (batch.isEmpty()) {
            underWay--;
        }
        return batch;
    }

    /** A server that does not answer would cost each batch its time-out: nobody waits for more than one. */
    private synchronized List<Waiting> withAllThatWait(List<Waiting> batch) {
        List<Waiting> all = new ArrayList<>(batch);
        all.addAll(queue);
        queue.clear();
        return all;
    }

    private static boolean isRefusal(Throwable failure) {
        return failure instanceof RedisCommandExecutionException
                || failure.getCause() instanceof RedisCommandExecutionException;
    }

    private static Map<String, String> merged(List<Waiting> batch) {
        if (batch.size() == 1) {
            return batch.get(0).targets;
        }
        Map<String, String> all = new LinkedHashMap<>();
        batch.forEach(
                waiting -> waiting.targets.forEach((logKey, tokens) -> all.merge(logKey, tokens, String::concat)));
        return all;
    }

    private static void settle(CompletableFuture<Void> done, @Nullable Throwable failure) {
        if (failure == null) {
            done.complete(null);
        } else {
            done.completeExceptionally(failure);
        }
    }
}
