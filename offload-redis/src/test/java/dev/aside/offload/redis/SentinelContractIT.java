package dev.aside.offload.redis;

import dev.aside.testkit.RedisSentinel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class SentinelContractIT extends RedisJobStoreContract {
    private static RedisSentinel sentinel;

    @BeforeAll
    static void start() {
        sentinel = RedisSentinel.start();
    }

    @AfterAll
    static void stop() {
        sentinel.close();
    }

    @Override
    String uri() {
        return sentinel.uri();
    }
}
