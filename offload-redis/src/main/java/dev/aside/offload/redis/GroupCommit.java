package dev.aside.offload.redis;

import dev.aside.offload.JobStoreException;
import dev.aside.offload.spi.TimeSource;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a script for many things of one kind, one at a time on a shard: what comes meanwhile goes together with the next one
 * (a group commit), for most of what a short script costs is the call. One alone goes at once. Nothing waits for longer
 * than a command may take, and then for one command. Thread-safe.
 */
final class GroupCommit {
    /** Begins the answer for a thing that Redis choked on. */
    private static final String ERROR = "ERROR ";

    private static final int MOST = 64;
    private static final int MOST_BYTES = 1 << 20;
    /** As many as Lettuce would let wait. */
    private static final int MOST_WAITING = 65_536;

    private final Script script;
    private final RedisJobOptions options;
    private final TimeSource time;
    private final long patienceNanos;
    private final List<Shard> shards;

    /** Runs for some things of a shard; answers with a text for each. */
    interface Script {
        /** Has all their arguments, one after the other. */
        CompletionStage<List<Object>> run(int shard, int things, List<Object> args);
    }

    /** A script that takes something once, the number of things, and their arguments. */
    GroupCommit(Calls calls, RedisJobOptions options, JobScript script, Object once) {
        this(
                (shard, things, args) -> {
                    List<Object> all = new ArrayList<>(List.of(once, things));
                    all.addAll(args);
                    return calls.list(script, shard, all.toArray());
                },
                options);
    }

    GroupCommit(Script script, RedisJobOptions options) {
        this.script = script;
        this.options = options;
        this.time = options.time();
        this.patienceNanos = options.times().command().toNanos();
        this.shards = IntStream.range(0, options.layout().shards())
                .mapToObj(Shard::new)
                .toList();
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
    static String word(RedisJobOptions options, Object said) {
        String word = Bytes.text(said);
        if (word.startsWith(ERROR)) {
            throw Calls.trouble(options, new RedisCommandExecutionException(word));
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

    private record Waiting(List<Object> args, long since, CompletableFuture<String> answer) {
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
            Waiting waiting = new Waiting(args, time.nanoTime(), new CompletableFuture<>());
            synchronized (this) {
                if (queue.size() >= MOST_WAITING) {
                    return CompletableFuture.failedStage(Calls.trouble(
                            options,
                            new IllegalStateException(MOST_WAITING + " commands wait for the server already")));
                }
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
            List<Waiting> late = waitingSince(patienceNanos);
            List<Waiting> batch = batch();
            if (!batch.isEmpty()) {
                CompletableFuture<List<Object>> sent = send(batch).toCompletableFuture();
                boolean refusedAtOnce = sent.isCompletedExceptionally(); // so would be all the others, one in the other
                sent.whenComplete((answers, failure) -> {
                    List<Waiting> over = new ArrayList<>(batch);
                    if (failure != null) {
                        over.addAll(waitingSince(refusedAtOnce ? Long.MIN_VALUE : patienceNanos / 2));
                    }
                    next();
                    told(over, answers, Calls.unwrapped(failure));
                });
            }
            told(late, null, new TimeoutException("the server is too slow for all that comes"));
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

        /**
         * Takes out what has waited for so long. A server that does not answer would cost each batch its time-out: who has
         * waited half of one does not wait for another; who came later may meet a server that is back.
         */
        private synchronized List<Waiting> waitingSince(long nanos) {
            List<Waiting> old = new ArrayList<>();
            while (!queue.isEmpty() && time.nanoTime() - queue.peek().since >= nanos) {
                old.add(queue.remove());
            }
            return old;
        }

        private CompletionStage<List<Object>> send(List<Waiting> batch) {
            List<Object> args = new ArrayList<>();
            batch.forEach(waiting -> args.addAll(waiting.args));
            try {
                return script.run(number, batch.size(), args);
            } catch (RuntimeException e) { // without an answer the shard would stand still for ever
                return CompletableFuture.failedStage(e);
            }
        }

        private void told(List<Waiting> batch, @Nullable List<Object> answers, @Nullable Throwable failure) {
            for (int i = 0; i < batch.size(); i++) {
                CompletableFuture<String> answer = batch.get(i).answer;
                if (answers == null) {
                    answer.completeExceptionally(Calls.trouble(options, failure));
                } else {
                    settle(answer, answers.get(i));
                }
            }
        }

        private void settle(CompletableFuture<String> answer, Object said) {
            try {
                answer.complete(word(options, said));
            } catch (JobStoreException choked) {
                answer.completeExceptionally(choked);
            }
        }
    }
}
