package dev.aside.offload.redis;

import dev.aside.offload.spi.JobSignals;
import dev.aside.offload.spi.JobStore;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Brings what the shards publish to the listeners of this process: one subscription for all of them, no thread. Messages
 * are {@code v <id> <version> ...} for changed records and {@code c <id> <reason>} for a wish to cancel. Thread-safe.
 */
final class SignalHub {
    private final Layout layout;
    private final Keeper<StatefulRedisPubSubConnection<String, byte[]>> keeper;
    private final List<JobSignals> listeners = new CopyOnWriteArrayList<>();

    SignalHub(Deployment deployment, RedisJobOptions options) {
        this.layout = options.layout();
        this.keeper = new Keeper<>(
                () -> deployment.signals().thenCompose(this::subscribed),
                StatefulRedisPubSubConnection::closeAsync,
                options.time());
    }

    private CompletionStage<StatefulRedisPubSubConnection<String, byte[]>> subscribed(
            StatefulRedisPubSubConnection<String, byte[]> connection) {
        connection.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(String channel, byte[] message) {
                heard(Bytes.text(message));
            }
        });
        String[] channels = new String[layout.shards()];
        for (int shard = 0; shard < channels.length; shard++) {
            channels[shard] = layout.prefix(shard) + "ev";
        }
        return connection
                .async()
                .subscribe(channels)
                .thenApply(done -> connection)
                .whenComplete((ready, failure) -> {
                    if (failure != null) {
                        var unused = connection.closeAsync();
                    }
                });
    }

    private void heard(String message) {
        String[] words = message.split(" ", message.startsWith("c ") ? 3 : 0);
        if (words.length < 3) {
            return;
        }
        if (words[0].equals("c")) {
            listeners.forEach(listener -> listener.cancelRequested(words[1], words[2]));
            return;
        }
        for (int i = 1; i + 1 < words.length; i += 2) {
            String jobId = words[i];
            long version = Long.parseLong(words[i + 1]);
            listeners.forEach(listener -> listener.changed(jobId, version));
        }
    }

    JobStore.Registration add(JobSignals listener) {
        listeners.add(listener);
        check();
        return () -> listeners.remove(listener);
    }

    CompletableFuture<?> connect() {
        return keeper.get();
    }

    void ready(String type) {
        listeners.forEach(listener -> listener.ready(type));
    }

    void missed() {
        listeners.forEach(JobSignals::missed);
    }

    /** Makes sure that the subscription is there and that its connection answers, when anybody listens. */
    CompletableFuture<?> check() {
        if (listeners.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return keeper.get()
                .thenCompose(connection -> connection
                        .async()
                        .ping()
                        .whenComplete((pong, failure) -> keeper.went(connection, Calls.unwrapped(failure)))
                        .toCompletableFuture());
    }

    void close() {
        keeper.close();
    }
}
