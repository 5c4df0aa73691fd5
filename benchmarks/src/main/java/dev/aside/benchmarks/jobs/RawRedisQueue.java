package dev.aside.benchmarks.jobs;

import io.lettuce.core.Consumer;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The limit: a hash a job and one stream, pipelined in batches, over one connection to accept and one to drain. It
 * promises next to nothing: no lease, no order, no bound, no end that anybody is told of.
 */
final class RawRedisQueue implements JobQueue {
    private static final int BATCH = 200;
    private static final String STREAM = "raw:stream";

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> producer;
    private final Thread worker = new Thread(this::drain, "raw-drain");
    private volatile boolean closed;
    private long next;

    RawRedisQueue(String uri) {
        client = RedisClient.create(uri);
        producer = client.connect();
        producer.sync().del(STREAM);
        producer.sync()
                .xgroupCreate(XReadArgs.StreamOffset.from(STREAM, "0"), "w", XGroupCreateArgs.Builder.mkstream());
        producer.setAutoFlushCommands(false);
    }

    @Override
    public void accept(int jobs) {
        RedisAsyncCommands<String, String> async = producer.async();
        for (int done = 0; done < jobs; done += BATCH) {
            List<RedisFuture<?>> answers = new ArrayList<>();
            for (int i = done; i < Math.min(jobs, done + BATCH); i++) {
                String id = "raw:job:" + next++;
                answers.add(async.hset(id, Map.of("st", "QUEUED", "type", "bench", "p", Payloads.TEXT)));
                answers.add(async.xadd(STREAM, "id", id));
            }
            await(producer, answers);
        }
    }

    private static void await(StatefulRedisConnection<String, String> connection, List<RedisFuture<?>> answers) {
        connection.flushCommands();
        if (!LettuceFutures.awaitAll(1, TimeUnit.MINUTES, answers.toArray(RedisFuture[]::new))) {
            throw new IllegalStateException("Redis did not answer within a minute");
        }
    }

    @Override
    public void work(int workers) {
        worker.start();
    }

    @SuppressWarnings("unchecked") // an array of a generic type
    private void drain() {
        try (StatefulRedisConnection<String, String> reading = client.connect();
                StatefulRedisConnection<String, String> connection = client.connect()) {
            connection.setAutoFlushCommands(false);
            while (!closed) {
                List<StreamMessage<String, String>> batch = reading.sync()
                        .xreadgroup(
                                Consumer.from("w", "one"),
                                XReadArgs.Builder.block(Duration.ofMillis(200)).count(BATCH),
                                XReadArgs.StreamOffset.lastConsumed(STREAM));
                if (!batch.isEmpty()) {
                    run(connection, batch);
                }
            }
        }
    }

    private static void run(
            StatefulRedisConnection<String, String> connection, List<StreamMessage<String, String>> batch) {
        RedisAsyncCommands<String, String> async = connection.async();
        List<RedisFuture<?>> jobs = new ArrayList<>();
        batch.forEach(ticket -> jobs.add(async.hgetall(ticket.getBody().get("id"))));
        await(connection, jobs);
        List<RedisFuture<?>> ends = new ArrayList<>();
        for (StreamMessage<String, String> ticket : batch) {
            Starts.begun();
            ends.add(async.hset(ticket.getBody().get("id"), "st", "SUCCEEDED"));
            ends.add(async.xack(STREAM, "w", ticket.getId()));
            ends.add(async.xdel(STREAM, ticket.getId()));
        }
        await(connection, ends);
    }

    @Override
    public void close() {
        closed = true;
        try {
            worker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close();
        client.shutdown(0, 1, TimeUnit.SECONDS);
    }
}
