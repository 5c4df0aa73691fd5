package dev.aside.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class RedisSentinelIT {
    @Test
    void killPrimary_thenRestartAndFailover_rolesSwapTwice() {
        try (RedisSentinel redis = RedisSentinel.start()) {
            RedisServer first = redis.primary();
            RedisServer second = redis.replica();
            first.command("SET", "key", "value");
            first.awaitReplicated(1);

            assertThat(redis.killPrimary()).isSameAs(second);
            assertThat(second.command("GET", "key").text()).isEqualTo("value");

            first.restart();
            redis.awaitWatched();
            assertThat(redis.replica()).isSameAs(first);
            assertThat(redis.failover()).isSameAs(first);
            assertThat(first.command("GET", "key").text()).isEqualTo("value");
        }
    }
}
