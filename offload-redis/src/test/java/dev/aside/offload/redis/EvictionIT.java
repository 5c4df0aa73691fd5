package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.JobStoreException;
import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Somebody sets a policy by which Redis throws keys away. */
@Timeout(60)
class EvictionIT {
    private static final JobType<String, String> MAIL = JobType.of("mail", String.class, String.class);

    @Test
    void policyIsSetLater_storesThatRunGoOn_andNoneStarts() {
        try (RedisServer redis = RedisServer.start();
                RedisJobStore store = RedisJobStore.connect(redis.uri());
                OffloadExecutor node = OffloadExecutor.builder()
                        .store(store)
                        .codec(JacksonPayloadCodec.create())
                        .build()) {
            redis.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
            redis.command("REPLICAOF", "127.0.0.1", "1"); // a write is refused, so the connection is given up
            assertThatThrownBy(() -> node.jobs().enqueue(MAIL, "ann")).isInstanceOf(JobStoreException.class);
            redis.command("REPLICAOF", "NO", "ONE");
            await().atMost(Duration.ofSeconds(5))
                    .ignoreExceptionsInstanceOf(JobStoreException.class)
                    .until(() -> node.jobs().enqueue(MAIL, "bob") != null);
            assertThatThrownBy(() -> RedisJobStore.connect(redis.uri()))
                    .isInstanceOf(JobStoreException.class)
                    .hasMessageContaining("allkeys-lru");
        }
    }
}
