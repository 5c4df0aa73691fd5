package dev.aside.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * A real Redis Cluster for tests: three masters that share all slots, on request with a replica each.
 *
 * <p>A node that does not answer for a second counts as failed, and its replica takes over. Nodes may be killed, paused
 * and restarted as any {@link RedisServer}; a restarted one keeps its identity and follows whoever took over. Always
 * started by the testkit, never taken from {@code ASIDE_TEST_REDIS_URL}. Thread-safe. Whatever goes wrong is a {@link
 * TestServerException}, unless stated otherwise.
 */
public final class RedisCluster implements AutoCloseable {
    private static final int MASTERS = 3;
    private static final int SLOTS = 16_384;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final List<String> CONFIG =
            List.of("cluster-node-timeout 1000", "cluster-replica-validity-factor 0");

    private final List<RedisServer> nodes;

    private RedisCluster(List<RedisServer> nodes) {
        this.nodes = nodes;
    }

    /** Three masters; about 2.5 s, as Redis makes a new cluster wait before it serves. */
    public static RedisCluster start() {
        return start(0);
    }

    /** Three masters with one replica each; about 3 s. */
    public static RedisCluster startWithReplicas() {
        return start(1);
    }

    private static RedisCluster start(int replicas) {
        Path binary = RedisBinary.find(Environment.SYSTEM);
        List<RedisServer> nodes = new ArrayList<>();
        try {
            for (int i = 0; i < MASTERS * (1 + replicas); i++) {
                nodes.add(RedisServer.start(RedisSettings.of(binary, RedisSettings.Kind.CLUSTER_NODE, CONFIG)));
            }
            RedisCluster cluster = new RedisCluster(List.copyOf(nodes));
            cluster.form();
            return cluster;
        } catch (RuntimeException e) {
            nodes.forEach(RedisServer::close);
            throw e;
        }
    }

    /** {@code redis://127.0.0.1:port} of one node; clients find the others by it. */
    public String uri() {
        return nodes.get(0).uri();
    }

    /** The URIs of all nodes. */
    public List<String> uris() {
        return nodes.stream().map(RedisServer::uri).toList();
    }

    /** All nodes: those that began as masters first. */
    public List<RedisServer> nodes() {
        return nodes;
    }

    /** The node that serves the key now. */
    public RedisServer masterOf(String key) {
        return masterOf(slot(key));
    }

    /**
     * A replica of the node that serves the key now.
     *
     * @throws IllegalStateException if it has none
     */
    public RedisServer replicaOf(String key) {
        RedisServer master = masterOf(key);
        List<ClusterNode> view = view(anyUp());
        String id = view.stream()
                .filter(node -> node.port() == master.port())
                .map(ClusterNode::id)
                .findFirst()
                .orElseThrow();
        return view.stream()
                .filter(node ->
                        !node.master() && !node.failed() && node.masterId().equals(id))
                .map(node -> byPort(node.port()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "The master of the key has no replica. Use RedisCluster.startWithReplicas()."));
    }

    /**
     * Lets the replica take over in good order and waits until the cluster is healthy; about 0.1 s.
     *
     * @return the new master of the key
     * @throws IllegalStateException if the key's master has no replica
     */
    public RedisServer failover(String key) {
        RedisServer replica = replicaOf(key);
        replica.command("CLUSTER", "FAILOVER");
        return awaitMaster(key, replica);
    }

    /**
     * Kills the node that serves the key and waits until its replica has taken over; about 2 s.
     *
     * @return the new master of the key
     * @throws IllegalStateException if the key's master has no replica
     */
    public RedisServer killMasterOf(String key) {
        RedisServer replica = replicaOf(key);
        masterOf(key).kill();
        return awaitMaster(key, replica);
    }

    /**
     * Waits until all nodes that run, and are not paused, agree on who is master of what, all slots are served and all
     * replicas are in sync; as after the restart of a killed node.
     */
    public void awaitHealthy() {
        await("the nodes to agree, serve all slots and be in sync", this::isHealthy);
    }

    /** Kills all nodes and removes their files. */
    @Override
    public void close() {
        nodes.forEach(RedisServer::close);
    }

    @Override
    public String toString() {
        return "RedisCluster " + nodes;
    }

    private void form() {
        for (int i = 0; i < MASTERS; i++) {
            RedisServer master = nodes.get(i);
            String first = Integer.toString(i * SLOTS / MASTERS);
            String last = Integer.toString((i + 1) * SLOTS / MASTERS - 1);
            master.command("CLUSTER", "ADDSLOTSRANGE", first, last);
            master.command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
        }
        for (RedisServer node : nodes) {
            ClusterNode self = view(node).get(0); // nobody else is known yet
            for (RedisServer earlier : nodes.subList(0, nodes.indexOf(node))) {
                earlier.command(
                        "CLUSTER",
                        "MEET",
                        node.host(),
                        Integer.toString(node.port()),
                        Integer.toString(self.busPort()));
            }
        }
        await(
                "the nodes to know each other",
                () -> nodes.stream().allMatch(node -> view(node).size() == nodes.size()));
        for (int i = MASTERS; i < nodes.size(); i++) {
            String masterId = nodes.get(i % MASTERS).command("CLUSTER", "MYID").text();
            nodes.get(i).command("CLUSTER", "REPLICATE", masterId);
        }
        awaitHealthy();
    }

    private RedisServer awaitMaster(String key, RedisServer expected) {
        await(
                expected + " to become a master",
                () -> isHealthy() && masterOf(key).equals(expected));
        return expected;
    }

    private boolean isHealthy() {
        List<RedisServer> up = nodes.stream().filter(RedisServer::isUp).toList();
        Set<List<ClusterNode>> opinions = up.stream().map(RedisCluster::view).collect(Collectors.toSet());
        return opinions.size() == 1
                && isRight(opinions.iterator().next())
                && up.stream()
                        .allMatch(node -> clusterInfo(node, "cluster_state").equals("ok") && inSync(node));
    }

    /** Whether the nodes' common opinion is true, in particular just after one was killed or restarted. */
    private boolean isRight(List<ClusterNode> opinion) {
        return opinion.size() == nodes.size()
                && opinion.stream().filter(ClusterNode::servesAny).count() == MASTERS
                && opinion.stream().allMatch(seen -> byPort(seen.port()).isUp() ? !seen.failed() : !seen.servesAny());
    }

    private RedisServer masterOf(long slot) {
        return view(anyUp()).stream()
                .filter(node -> node.serves(slot))
                .map(node -> byPort(node.port()))
                .findFirst()
                .orElseThrow(() -> new TestServerException("No node of " + this + " serves slot " + slot));
    }

    private long slot(String key) {
        return anyUp().command("CLUSTER", "KEYSLOT", key).number();
    }

    private RedisServer anyUp() {
        return nodes.stream()
                .filter(RedisServer::isUp)
                .findFirst()
                .orElseThrow(() -> new TestServerException("No node of " + this + " can answer"));
    }

    private RedisServer byPort(int port) {
        return nodes.stream().filter(node -> node.port() == port).findFirst().orElseThrow();
    }

    private void await(String what, BooleanSupplier condition) {
        boolean done = Waiting.until(TIMEOUT, PAUSE, condition);
        if (!done) {
            String state = nodes.stream()
                    .filter(RedisServer::isUp)
                    .map(node -> node + ":\n" + node.command("CLUSTER", "NODES").text())
                    .collect(Collectors.joining("\n"));
            throw new TestServerException(
                    "Waited " + TIMEOUT.toSeconds() + " s for " + what + ". The nodes say:\n" + state);
        }
    }

    private static List<ClusterNode> view(RedisServer node) {
        return ClusterNode.parse(node.command("CLUSTER", "NODES").text());
    }

    private static String clusterInfo(RedisServer node, String field) {
        return RedisInfo.field(node.command("CLUSTER", "INFO").text(), field);
    }

    private static boolean inSync(RedisServer node) {
        String info = node.command("INFO", "replication").text();
        return RedisInfo.field(info, "role").equals("master")
                || RedisInfo.field(info, "master_link_status").equals("up");
    }
}
