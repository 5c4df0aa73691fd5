package dev.aside.cache.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Opens connections the way this tier needs them: they are never reconnected behind its back, never queue commands while
 * they are down, and every command has a time limit. Thread-safe. Owns Lettuce's threads.
 */
final class Connector {
    /** One event loop for the commands, one for the log: neither waits behind the other. */
    private static final int IO_THREADS = 2;

    private static final int QUEUE = 16_384;

    private final RedisURI uri;
    private final Link.Clocks clocks;
    private final Duration commandTimeout;
    private final ClientResources resources;
    private final RedisClient client;

    /** @param blockTime how long the log reader lets the server wait before it answers */
    Connector(RedisURI uri, Duration connectTimeout, Duration commandTimeout, Duration blockTime, Link.Clocks clocks) {
        this.uri = uri;
        this.clocks = clocks;
        this.commandTimeout = commandTimeout;
        this.resources = DefaultClientResources.builder()
                .ioThreadPoolSize(IO_THREADS)
                .computationThreadPoolSize(IO_THREADS)
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .build();
        this.client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .requestQueueSize(QUEUE)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(connectTimeout)
                        .keepAlive(true)
                        .build())
                .timeoutOptions(TimeoutOptions.builder()
                        .timeoutSource(new Timeouts(commandTimeout, blockTime))
                        .build())
                .build());
    }

    /** Opens a connection that nothing has been sent over yet but Lettuce's own greeting. */
    CompletionStage<Link> open(BiConsumer<Link, String> onLost) {
        CompletableFuture<StatefulRedisConnection<String, byte[]>> opening;
        try {
            opening = client.connectAsync(Pipeline.CODEC, uri).toCompletableFuture();
        } catch (RuntimeException | Error e) { // an unknown address, a client that is shut down, a missing class
            opening = CompletableFuture.failedFuture(e);
        }
        return opening.thenApply(connection -> {
            Link link = new Link(connection, clocks, commandTimeout.toNanos(), onLost);
            connection.addListener(new RedisConnectionStateListener() {
                @Override
                public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
                    link.lose("the connection was closed");
                }
            });
            if (!connection.isOpen()) {
                link.lose("the connection was closed");
            }
            return link;
        });
    }

    /** Where this connects to, without credentials. */
    String address() {
        return uri.getSocket() == null ? uri.getHost() + ':' + uri.getPort() : uri.getSocket();
    }

    /** Ends Lettuce's threads; waits a moment for them. */
    void close() {
        client.shutdown(0, 1, TimeUnit.SECONDS);
        resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }

    private static final class Timeouts extends TimeoutOptions.TimeoutSource {
        private final long command;
        private final long blocking;

        Timeouts(Duration command, Duration blockTime) {
            this.command = command.toMillis();
            this.blocking = command.plus(blockTime).toMillis();
        }

        @Override
        public long getTimeout(RedisCommand<?, ?, ?> command) {
            if (command.getType() == CommandType.TIME) {
                return 0; // none: what is sent right behind it has one
            }
            return command.getType() == CommandType.XREAD ? blocking : this.command;
        }
    }
}
