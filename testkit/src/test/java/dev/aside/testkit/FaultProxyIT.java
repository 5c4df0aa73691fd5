package dev.aside.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyIT {
    private static final Duration TIMEOUT = Duration.ofMillis(400);
    private static final Duration LONG = Duration.ofSeconds(10);

    private final RedisServer redis = RedisServer.shared();
    private final FaultProxy proxy = FaultProxy.to(redis.host(), redis.port());
    private final ClientResources resources = ClientResources.builder()
            .reconnectDelay(Delay.constant(Duration.ofMillis(20)))
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .build();
    private final RedisClient client = RedisClient.create(resources, proxy.through(redis.uri()));
    private StatefulRedisConnection<String, String> connection;
    private RedisCommands<String, String> commands;

    @BeforeEach
    void connect() {
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .build());
        connection = client.connect();
        commands = connection.sync();
        connection.setTimeout(TIMEOUT);
    }

    @AfterEach
    void close() {
        proxy.close();
        connection.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void pass_setAndGet_goThroughAndAreCounted() {
        long before = proxy.bytes(FaultProxy.Direction.TO_SERVER);

        commands.set("k", "v".repeat(100_000));

        assertThat(commands.get("k")).hasSize(100_000);
        assertThat(proxy.bytes(FaultProxy.Direction.TO_SERVER) - before).isBetween(100_000L, 100_200L);
        assertThat(proxy.bytes(FaultProxy.Direction.TO_CLIENT)).isGreaterThan(100_000);
        assertThat(proxy.connections()).isEqualTo(1);
        assertThat(proxy.openConnections()).isEqualTo(1);
    }

    @Test
    void blackHole_thenPass_timeoutThenHealed() {
        proxy.blackHole();
        assertThatThrownBy(() -> commands.get("k")).isInstanceOf(RedisCommandTimeoutException.class);

        proxy.pass();
        connection.setTimeout(LONG);
        assertThat(commands.ping()).isEqualTo("PONG");
        assertThat(proxy.connections()).isEqualTo(1);
    }

    @Test
    void refuse_thenAccept_clientReconnects() {
        proxy.refuse();
        assertThatThrownBy(() -> commands.get("k")).isInstanceOf(RedisException.class);
        assertThatThrownBy(client::connect).isInstanceOf(RedisConnectionException.class);

        proxy.accept();
        Awaitility.await()
                .atMost(LONG)
                .ignoreExceptions()
                .until(() -> commands.ping().equals("PONG"));
    }
}
