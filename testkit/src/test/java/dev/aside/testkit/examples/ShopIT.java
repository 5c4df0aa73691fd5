package dev.aside.testkit.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.testkit.FaultProxy;
import dev.aside.testkit.PostgresServer;
import dev.aside.testkit.RedisCluster;
import dev.aside.testkit.RedisSentinel;
import dev.aside.testkit.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.api.StatefulRedisConnection;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The examples of README.md, which a test compares with this file. */
class ShopIT {
    private final RedisServer redis = RedisServer.shared();
    private final PostgresServer postgres = PostgresServer.shared();

    @Test
    void product_insert_isThere() throws Exception {
        String database = postgres.createDatabase("shop"); // empty, and nobody else's
        try (Connection connection = DriverManager.getConnection(database);
                RedisClient client = RedisClient.create(redis.uri())) {
            connection.createStatement().execute("CREATE TABLE product (sku text PRIMARY KEY)");
            client.connect().sync().set("shop:product:1", "cached");

            assertThat(redis.command("GET", "shop:product:1").text()).isEqualTo("cached");
        }
    }

    @Test
    void redis_slowThenDeadThenBack_clientSurvives() {
        try (RedisServer own = RedisServer.builder().config("maxmemory 10mb").start();
                FaultProxy proxy = FaultProxy.to(own.host(), own.port());
                RedisClient client = RedisClient.create(proxy.through(own.uri()))) {
            StatefulRedisConnection<String, String> connection = client.connect();
            connection.setTimeout(Duration.ofMillis(300));

            proxy.blackHole(); // connected, but nothing gets through
            assertThatThrownBy(() -> connection.sync().get("key")).isInstanceOf(RedisCommandTimeoutException.class);
            proxy.pass();

            own.kill();
            own.restart(); // same port, empty
            connection.setTimeout(Duration.ofSeconds(10));
            assertThat(connection.sync().get("key")).isNull();
        }
    }

    @Test
    void redis_failover_replicaTakesOver() {
        try (RedisCluster cluster = RedisCluster.startWithReplicas()) {
            RedisServer newMaster = cluster.killMasterOf("key");
            assertThat(cluster.masterOf("key")).isSameAs(newMaster);
        }
        try (RedisSentinel sentinel = RedisSentinel.start()) {
            RedisServer newPrimary = sentinel.failover();
            assertThat(sentinel.primary()).isSameAs(newPrimary);
        }
    }
}
