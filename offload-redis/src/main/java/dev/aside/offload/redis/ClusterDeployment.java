package dev.aside.offload.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.UnblockType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A cluster: every shard is at the primary that has its slot, and moves with it. Thread-safe. */
final class ClusterDeployment implements Deployment {
    private final ClientResources resources = Clients.resources();
    private final RedisClusterClient client;
    private final RedisClient blocking = RedisClient.create(resources);

    ClusterDeployment(List<RedisURI> nodes, Duration command, Duration wait) {
        nodes.forEach(node -> Clients.limited(node, command));
        this.client = RedisClusterClient.create(resources, nodes);
        ClusterClientOptions.Builder options = Clients.configure(ClusterClientOptions.builder(), command, wait);
        // it opens the connection to a node with the first command for it, so that one has to wait; its time limit
        // holds
        client.setOptions(options.disconnectedBehavior(DisconnectedBehavior.ACCEPT_COMMANDS)
                .validateClusterNodeMembership(false)
                .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enablePeriodicRefresh(Duration.ofSeconds(10))
                        .adaptiveRefreshTriggersTimeout(Duration.ofMillis(500))
                        .build())
                .build());
        blocking.setOptions(Clients.configure(ClientOptions.builder(), command, wait)
                .autoReconnect(false)
                .build());
    }

    @Override
    public CompletionStage<Commands> commands() {
        return topology()
                .thenCompose(known -> client.connectAsync(Clients.CODEC))
                .thenApply(connection -> new Commands(connection, connection.async()));
    }

    /** Asked for before every connection: when one has to be made anew, its node may be gone. */
    private CompletionStage<Void> topology() {
        return SingleDeployment.opening(client::refreshPartitionsAsync);
    }

    @Override
    public CompletionStage<StatefulRedisConnection<String, byte[]>> primaryOf(String key) {
        return SingleDeployment.opening(
                () -> blocking.connectAsync(Clients.CODEC, node(key).getUri()));
    }

    private RedisClusterNode node(String key) {
        RedisClusterNode node = client.getPartitions().getPartitionBySlot(SlotHash.getSlot(key));
        if (node == null) {
            throw new RedisException("no node of the cluster has the slot of " + key);
        }
        return node;
    }

    @Override
    public CompletionStage<StatefulRedisPubSubConnection<String, byte[]>> signals() {
        return topology()
                .thenCompose(known -> client.connectPubSubAsync(Clients.CODEC))
                .thenApply(connection -> connection);
    }

    @Override
    public CompletionStage<?> unblock(Commands commands, String key, long clientId) {
        return cluster(commands)
                .getConnectionAsync(node(key).getNodeId())
                .thenCompose(connection -> connection.async().clientUnblock(clientId, UnblockType.TIMEOUT));
    }

    @SuppressWarnings("unchecked") // made by commands() above
    private static StatefulRedisClusterConnection<String, byte[]> cluster(Commands commands) {
        return (StatefulRedisClusterConnection<String, byte[]>) commands.connection();
    }

    @Override
    public CompletionStage<List<String>> memory(Commands commands) {
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (RedisClusterNode node : client.getPartitions()) {
            if (node.is(RedisClusterNode.NodeFlag.UPSTREAM) && !node.getSlots().isEmpty()) {
                answers.add(cluster(commands)
                        .getConnectionAsync(node.getNodeId())
                        .thenCompose(connection -> connection.async().info("memory"))
                        .toCompletableFuture());
            }
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(done -> answers.stream().map(CompletableFuture::join).toList());
    }

    @Override
    public void onConnection(Runnable made, Runnable lost) {
        client.addListener(Clients.listener(made, lost));
    }

    @Override
    public void close() {
        blocking.shutdown(0, 1, TimeUnit.SECONDS);
        client.shutdown(0, 1, TimeUnit.SECONDS);
        Clients.end(resources);
    }
}
