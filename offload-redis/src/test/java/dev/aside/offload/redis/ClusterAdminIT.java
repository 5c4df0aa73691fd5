package dev.aside.offload.redis;

import dev.aside.testkit.RedisCluster;
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
        return ClusterUri.of(cluster);
    }

    @Override
    int shards() {
        return 4;
    }
}
