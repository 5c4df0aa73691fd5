package dev.aside.offload.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What all of Lettuce's clients here have in common. */
final class Clients {
    static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
    /** How long a read of tickets lets the server wait before it answers. */
    static final Duration BLOCK = Duration.ofSeconds(5);

    private static final Duration BLOCK_GRACE = Duration.ofSeconds(2);
    private static final int QUEUE = 65_536;

    private Clients() {}

    static ClientResources resources() {
        return DefaultClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .reconnectDelay(
                        Delay.exponential(Duration.ofMillis(10), Duration.ofMillis(500), 2, TimeUnit.MILLISECONDS))
                .build();
    }

    /** Lettuce's greeting has the URI's own limit, a minute unless set. */
    static RedisURI limited(RedisURI uri, Duration command) {
        uri.setTimeout(command);
        uri.getSentinels().forEach(sentinel -> sentinel.setTimeout(command));
        return uri;
    }

    static <B extends ClientOptions.Builder> B configure(B builder, Duration command, Duration wait) {
        builder.autoReconnect(true)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .requestQueueSize(QUEUE)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(command)
                        .keepAlive(true)
                        .build())
                .timeoutOptions(TimeoutOptions.builder()
                        .timeoutSource(new Timeouts(command, wait))
                        .build());
        return builder;
    }

    /** Of connections with our codec: Lettuce opens and closes others by itself, every 10 s in a cluster. */
    static RedisConnectionStateListener listener(Runnable made, Runnable lost) {
        return new RedisConnectionStateListener() {
            @Override
            public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress address) {
                ifOurs(connection, made);
            }

            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
                ifOurs(connection, lost);
            }
        };
    }

    private static void ifOurs(RedisChannelHandler<?, ?> connection, Runnable action) {
        if (connection instanceof StatefulConnection<?, ?> known && known.getCodec() == CODEC) {
            action.run();
        }
    }

    static void end(ClientResources resources) {
        resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }

    private static final class Timeouts extends TimeoutOptions.TimeoutSource {
        private final long command;
        private final long wait;

        Timeouts(Duration command, Duration wait) {
            this.command = command.toMillis();
            this.wait = wait.toMillis();
        }

        @Override
        public long getTimeout(RedisCommand<?, ?, ?> sent) {
            if (sent.getType() == CommandType.XREADGROUP) {
                return BLOCK.plus(BLOCK_GRACE).toMillis();
            }
            return sent.getType() == CommandType.WAIT ? wait : command;
        }
    }
}
