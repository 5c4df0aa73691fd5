package dev.aside.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.sync.RedisAdvancedClusterCommands;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class RedisClusterIT {
    @Test
    void start_keysOfAllSlots_spreadOverThreeMasters() {
        try (RedisCluster cluster = RedisCluster.start();
                RedisClusterClient client = RedisClusterClient.create(cluster.uri())) {
            RedisAdvancedClusterCommands<String, String> commands =
                    client.connect().sync();

            IntStream.range(0, 300).forEach(i -> commands.set("key:" + i, "v"));

            assertThat(cluster.nodes())
                    .hasSize(3)
                    .allSatisfy(
                            node -> assertThat(node.command("DBSIZE").number()).isBetween(50L, 150L));
            assertThat(cluster.masterOf("key:1").command("GET", "key:1").text()).isEqualTo("v");
            assertThatThrownBy(() -> cluster.killMasterOf("key:1"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("startWithReplicas");
        }
    }

    @Test
    void killMasterOf_andFailover_replicaServesItsKeys() {
        try (RedisCluster cluster = RedisCluster.startWithReplicas()) {
            RedisServer first = cluster.masterOf("key");
            RedisServer second = cluster.replicaOf("key");
            first.command("SET", "key", "value");
            first.awaitReplicated(1);

            assertThat(cluster.killMasterOf("key")).isSameAs(second);
            assertThat(second.command("GET", "key").text()).isEqualTo("value");

            first.restart();
            cluster.awaitHealthy();
            assertThat(cluster.replicaOf("key")).isSameAs(first);
            assertThat(cluster.failover("key")).isSameAs(first);
            assertThat(first.command("GET", "key").text()).isEqualTo("value");
        }
    }
}
