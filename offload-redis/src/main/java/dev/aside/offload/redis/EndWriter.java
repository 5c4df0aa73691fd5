package dev.aside.offload.redis;

import dev.aside.offload.spi.WriteAnswer;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes ends of jobs, one script at a time on a shard: what ends meanwhile goes together with the next one (a group
 * commit). One end alone goes at once. Thread-safe.
 */
final class EndWriter {
    /** Begins the answer for an end that Redis choked on. */
    private static final String ERROR = "ERROR ";

    private static final int MOST = 64;
    private static final int MOST_BYTES = 1 << 20;

    private final Calls calls;
    private final RedisJobOptions options;
    private final List<Shard> shards;

    EndWriter(Calls calls, RedisJobOptions options) {
        this.calls = calls;
        this.options = options;
        this.shards = IntStream.range(0, options.layout().shards())
                .mapToObj(Shard::new)
                .toList();
    }

    /**
     * What the script gets for one end.
     *
     * @param fields eleven of them, the last one the result
     */
    record End(List<Object> fields) {
        static End of(Object... fields) {
            return new End(List.copyOf(Arrays.asList(fields)));
        }

        long size() {
            return 64L * fields.size() + (fields.get(fields.size() - 1) instanceof byte[] result ? result.length : 0);
        }
    }

    private record Waiting(End end, CompletableFuture<WriteAnswer> answer) {}

    CompletionStage<WriteAnswer> write(int shard, End end) {
        return shards.get(shard).write(end);
    }

    private final class Shard {
        private final int number;
        private final Deque<Waiting> queue = new ArrayDeque<>(); // guarded by this
        private boolean underWay; // guarded by this

        Shard(int number) {
            this.number = number;
        }

        CompletionStage<WriteAnswer> write(End end) {
            Waiting waiting = new Waiting(end, new CompletableFuture<>());
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
                    && (batch.isEmpty() || bytes + queue.peek().end.size() <= MOST_BYTES)) {
                bytes += queue.peek().end.size();
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
            args.add(options.times().result().toMillis());
            args.add(batch.size());
            batch.forEach(waiting -> args.addAll(waiting.end.fields));
            try {
                return calls.list(JobScript.FINISH, number, args.toArray());
            } catch (RuntimeException e) { // without an answer the shard would stand still for ever
                return CompletableFuture.failedStage(e);
            }
        }

        private void told(List<Waiting> batch, @Nullable List<Object> answers, @Nullable Throwable failure) {
            for (int i = 0; i < batch.size(); i++) {
                CompletableFuture<WriteAnswer> answer = batch.get(i).answer;
                String word = answers == null ? "" : Bytes.text(answers.get(i));
                if (answers == null) {
                    answer.completeExceptionally(calls.trouble(failure));
                } else if (word.startsWith(ERROR)) {
                    answer.completeExceptionally(calls.trouble(new RedisCommandExecutionException(word)));
                } else {
                    answer.complete(WriteAnswer.valueOf(word));
                }
            }
        }
    }
}
