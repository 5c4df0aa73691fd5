package dev.aside.offload.redis.crash;

import dev.aside.testkit.RedisCluster;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.List;

/** Moves a slot of a cluster to another node, key by key, as an operator's tool does. One thread. */
final class SlotMove {
    private final RedisCluster cluster;
    private final String slot;
    private final RedisServer from;
    private final RedisServer to;

    SlotMove(RedisCluster cluster, String key, RedisServer from, RedisServer to) {
        this.cluster = cluster;
        this.slot = from.command("CLUSTER", "KEYSLOT", key).text();
        this.from = from;
        this.to = to;
    }

    /** Moves it; how many keys that were. */
    int run(Duration pause) {
        String fromId = from.command("CLUSTER", "MYID").text();
        String toId = to.command("CLUSTER", "MYID").text();
        to.command("CLUSTER", "SETSLOT", slot, "IMPORTING", fromId);
        from.command("CLUSTER", "SETSLOT", slot, "MIGRATING", toId);
        int moved = 0;
        for (List<String> keys = next(); !keys.isEmpty(); keys = next()) {
            for (String key : keys) {
                from.command("MIGRATE", to.host(), Integer.toString(to.port()), key, "0", "5000");
                moved++;
            }
            Awaiting.pass(pause);
        }
        to.command("CLUSTER", "SETSLOT", slot, "NODE", toId);
        from.command("CLUSTER", "SETSLOT", slot, "NODE", toId);
        cluster.nodes().stream()
                .filter(node -> !node.equals(from) && !node.equals(to))
                .forEach(node -> node.command("CLUSTER", "SETSLOT", slot, "NODE", toId));
        cluster.awaitHealthy();
        return moved;
    }

    private List<String> next() {
        return from.command("CLUSTER", "GETKEYSINSLOT", slot, "3").texts();
    }
}
