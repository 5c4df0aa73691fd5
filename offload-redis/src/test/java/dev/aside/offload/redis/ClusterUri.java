package dev.aside.offload.redis;

import dev.aside.testkit.RedisCluster;
import java.util.stream.Collectors;

/** How a store is told where a cluster is. */
public final class ClusterUri {
    private ClusterUri() {}

    /** All nodes, as {@code redis-cluster://host:port,host:port}. */
    public static String of(RedisCluster cluster) {
        return cluster.uris().stream()
                .map(uri -> uri.substring("redis://".length()))
                .collect(Collectors.joining(",", "redis-cluster://", ""));
    }
}
