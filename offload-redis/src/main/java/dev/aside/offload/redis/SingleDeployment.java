package dev.aside.offload.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.UnblockType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One server, or the primary that Sentinel names at the moment a connection is made. Thread-safe. */
final class SingleDeployment implements Deployment {
    private final RedisURI uri;
    private final ClientResources resources = Clients.resources();
    private final RedisClient client = RedisClient.create(resources);
    private final RedisClient blocking = RedisClient.create(resources);

    SingleDeployment(RedisURI uri, Duration command, Duration wait) {
        this.uri = Clients.limited(uri, command);
        client.setOptions(
                Clients.configure(ClientOptions.builder(), command, wait).build());
        blocking.setOptions(Clients.configure(ClientOptions.builder(), command, wait)
                .autoReconnect(false)
                .build());
    }

    /** A stage that fails where Lettuce throws: a name that is not known, a client that is shut down. */
    static <T> CompletionStage<T> opening(Supplier<CompletionStage<T>> open) {
        try {
            return open.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    @Override
    public CompletionStage<Commands> commands() {
        return SingleDeployment.<StatefulRedisConnection<String, byte[]>>opening(
                        () -> client.connectAsync(Clients.CODEC, uri))
                .thenApply(connection -> new Commands(connection, connection.async()));
    }

    @Override
    public CompletionStage<StatefulRedisConnection<String, byte[]>> primaryOf(String key) {
        return opening(() -> blocking.connectAsync(Clients.CODEC, uri));
    }

    @Override
    public CompletionStage<StatefulRedisPubSubConnection<String, byte[]>> signals() {
        return opening(() -> client.connectPubSubAsync(Clients.CODEC, uri));
    }

    @Override
    public CompletionStage<?> unblock(Commands commands, String key, long clientId) {
        return commands.async().clientUnblock(clientId, UnblockType.TIMEOUT);
    }

    @Override
    public CompletionStage<List<String>> memory(Commands commands) {
        return commands.async().info("memory").thenApply(List::of);
    }

    @Override
    public void onConnection(Runnable made, Runnable lost) {
        client.addListener(Clients.listener(made, lost));
    }

    @Override
    public void close() {
        blocking.shutdown(0, 1, TimeUnit.SECONDS);
        client.shutdown(0, 1, TimeUnit.SECONDS);
        Clients.end(resources);
    }
}
