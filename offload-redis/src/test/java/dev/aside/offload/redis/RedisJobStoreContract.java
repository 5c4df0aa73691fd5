package dev.aside.offload.redis;

import static org.awaitility.Awaitility.await;

import dev.aside.offload.spi.JobStore;
import dev.aside.offload.testing.JobStoreContract;
import java.time.Duration;

/** The contract against a real server, in real time. */
abstract class RedisJobStoreContract extends JobStoreContract {
    abstract String uri();

    int shards() {
        return 1;
    }

    @Override
    protected JobStore newStore() {
        return RedisJobStore.builder()
                .uri(uri())
                .namespace(Namespaces.next())
                .shards(shards())
                .lease(LEASE)
                .commandTimeout(Duration.ofSeconds(5))
                .build();
    }

    @Override
    protected void pass(Duration duration) {
        await().pollDelay(duration)
                .pollInterval(Duration.ofMillis(10))
                .atMost(duration.plusSeconds(10))
                .until(() -> true);
    }
}
