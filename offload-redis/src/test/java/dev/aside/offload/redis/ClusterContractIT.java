package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.testkit.RedisCluster;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ClusterContractIT extends RedisJobStoreContract {
    private static RedisCluster cluster;

    @BeforeAll
    static void start() {
        cluster = RedisCluster.start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Override
    String uri() {
        return ClusterUri.of(cluster);
    }

    @Override
    int shards() {
        return 4;
    }

    /** Else no silent owner would ever be looked for: a loss means that owners speak first. */
    @Test
    void lookAtTheTopology_overConnectionsOfItsOwn_isNoLoss() throws Exception {
        Duration second = Duration.ofSeconds(1);
        AtomicInteger losses = new AtomicInteger();
        try (Deployment deployment = Deployment.at(Address.of(uri()), second, second)) {
            deployment.onConnection(() -> {}, losses::incrementAndGet);
            for (int i = 0; i < 3; i++) {
                deployment.commands().toCompletableFuture().get(10, TimeUnit.SECONDS);
            }
            assertThat(losses).hasValue(0);
        }
    }
}
