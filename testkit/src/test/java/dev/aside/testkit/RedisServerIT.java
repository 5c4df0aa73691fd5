package dev.aside.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RedisServerIT {
    @Test
    void command_setAndGet_textComesBack() {
        try (RedisServer redis = RedisServer.builder().start()) {
            redis.command("SET", "key", "wert €");

            assertThat(redis.command("GET", "key").text()).isEqualTo("wert €");
            assertThat(redis.command("GET", "other").isNil()).isTrue();
        }
    }
}
