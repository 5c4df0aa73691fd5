package dev.aside.offload.redis.crash;

import dev.aside.testkit.RedisServer;
import java.time.Duration;
import org.awaitility.Awaitility;

/** Waits for what Redis can tell of its clients. */
final class RedisWaits {
    private RedisWaits() {}

    /** Until so many connections to the shared server wait for tickets. */
    static void untilReading(int connections) {
        untilReading(RedisServer.shared(), connections);
    }

    static void untilReading(RedisServer server, int connections) {
        Awaitility.await("clients that wait for tickets")
                .atMost(Duration.ofSeconds(20))
                .until(() -> server.command("CLIENT", "LIST")
                                .text()
                                .lines()
                                .filter(client -> client.contains("cmd=xreadgroup") && client.contains("flags=b"))
                                .count()
                        >= connections);
    }
}
