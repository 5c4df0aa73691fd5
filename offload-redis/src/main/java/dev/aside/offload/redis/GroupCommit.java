package dev.aside.offload.redis;

import dev.aside.offload.JobStoreException;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a script for many things of one kind, one at a time on a shard: what comes meanwhile goes together with the next one
 * (a group commit), for most of what a short script costs is the call. One alone goes at once. Thread-safe.
 */
final class GroupCommit {
    /** Begins the answer for a thing that Redis choked on. */
    private static final String ERROR = "ERROR ";

    private static final int MOST = 64;
    private static final int MOST_BYTES = 1 << 20;

    private final Calls calls;
    private final JobScript script;
    private final Object first;
    private final List<Shard> shards;

    /**
     * @param script takes {@code first}, a number of things, and their arguments; answers with a text for each
     * @param first what it is told once
     */
    GroupCommit(Calls calls, int shards, JobScript script, Object first) {
        this.calls = calls;
        this.script = script;
        this.first = first;
        this.shards = IntStream.range(0, shards).mapToObj(Shard::new).toList();
    }

    /**
     * The script's word for one thing; fails with what the store fails with.
     *
     * @param args what the script is told of it
     */
    CompletionStage<String> add(int shard, List<Object> args) {
        return shards.get(shard).add(args);
    }

    /** What an answer says. @throws JobStoreException if Redis choked on the thing */
    static String word(Calls calls, Object said) {
        String word = Bytes.text(said);
        if (word.startsWith(ERROR)) {
            throw calls.trouble(new RedisCommandExecutionException(word));
        }
        return word;
    }

    /** About how many bytes these arguments are. */
    static long size(List<Object> args) {
        long bytes = 64L * args.size();
        for (Object arg : args) {
            bytes += arg instanceof byte[] array ? array.length : 0;
        }
        return bytes;
    }

    private record Waiting(List<Object> args, CompletableFuture<String> answer) {
        long size() {
            return GroupCommit.size(args);
        }
    }

    private final class Shard {
        private final int number;
        private final Deque<Waiting> queue = new ArrayDeque<>(); // guarded by this
        private boolean underWay; // guarded by this

        Shard(int number) {
            this.number = number;
        }

        CompletionStage<String> add(List<Object> args) {
            Waiting waiting = new Waiting(args, new CompletableFuture<>());
            synchronized (this) {
                queue.add(waiting);
                if (underWay) {
                    return waiting.answer;
                }
                underWay = true;
            }
            next();
            return waiting.answer;
        }

        private void next() {
            List<Waiting> batch = batch();
            if (!batch.isEmpty()) {
                send(batch).whenComplete((answers, failure) -> {
                    List<Waiting> over = failure == null ? batch : withAllThatWait(batch);
                    next();
                    told(over, answers, Calls.unwrapped(failure));
                });
            }
        }

        private synchronized List<Waiting> batch() {
            List<Waiting> batch = new ArrayList<>();
            long bytes = 0;
            while (!queue.isEmpty()
                    && batch.size() < MOST
                    && (batch.isEmpty() || bytes + queue.peek().size() <= MOST_BYTES)) {
                bytes += queue.peek().size();
                batch.add(queue.remove());
            }
            underWay = !batch.isEmpty();
            return batch;
        }

        /** A server that does not answer would cost each batch its time-out: nobody waits for more than one. */
        private synchronized List<Waiting> withAllThatWait(List<Waiting> batch) {
            List<Waiting> all = new ArrayList<>(batch);
            all.addAll(queue);
            queue.clear();
            return all;
        }

        private CompletionStage<List<Object>> send(List<Waiting> batch) {
            List<Object> args = new ArrayList<>();
            args.add(first);
            args.add(batch.size());
            batch.forEach(waiting -> args.addAll(waiting.args));
            try {
                return calls.list(script, number, args.toArray());
            } catch (RuntimeException e) { // without an answer the shard would stand still for ever
                return CompletableFuture.failedStage(e);
            }
        }

        private void told(List<Waiting> batch, @Nullable List<Object> answers, @Nullable Throwable failure) {
            for (int i = 0; i < batch.size(); i++) {
                CompletableFuture<String> answer = batch.get(i).answer;
                if (answers == null) {
                    answer.completeExceptionally(calls.trouble(failure));
                } else {
                    settle(answer, answers.get(i));
                }
            }
        }

        private void settle(CompletableFuture<String> answer, Object said) {
            try {
                answer.complete(word(calls, said));
            } catch (JobStoreException choked) {
                answer.completeExceptionally(choked);
            }
        }
    }
}
