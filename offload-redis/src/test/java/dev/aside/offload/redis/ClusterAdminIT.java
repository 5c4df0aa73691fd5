package dev.aside.offload.redis;

import dev.aside.testkit.RedisCluster;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** With four shards on three nodes. */
class ClusterAdminIT extends RedisJobAdminContract {
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
        return cluster.uris().stream()
                .map(uri -> uri.substring("redis://".length()))
                .collect(Collectors.joining(",", "redis-cluster://", ""));
    }

    @Override
    int shards() {
        return 4;
    }
}
