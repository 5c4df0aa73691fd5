package dev.aside.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real primary with a replica for tests, watched by three Redis Sentinels.
 *
 * <p>A primary that does not answer for a second counts as failed, and the replica takes over. The servers may be killed,
 * paused and restarted as any {@link RedisServer}; a restarted one becomes the replica of whoever took over. Always
 * started by the testkit, never taken from {@code ASIDE_TEST_REDIS_URL}. Thread-safe. Whatever goes wrong is a {@link
 * TestServerException}.
 */
public final class RedisSentinel implements AutoCloseable {
    private static final String NAME = "primary";
    private static final int SENTINELS = 3;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int ORDERS = 3;
    private static final Duration ORDER_TIMEOUT = Duration.ofSeconds(8);

    private final List<RedisServer> servers;
    private final List<RedisServer> sentinels;

    private RedisSentinel(List<RedisServer> servers, List<RedisServer> sentinels) {
        this.servers = servers;
        this.sentinels = sentinels;
    }

    /** Starts all five and waits until the sentinels know each other and the replica; about 2 s. */
    public static RedisSentinel start() {
        Path binary = RedisBinary.find(Environment.SYSTEM);
        List<RedisServer> started = new ArrayList<>();
        try {
            RedisServer primary = server(binary, List.of());
            started.add(primary);
            started.add(server(binary, List.of("replicaof " + primary.host() + " " + primary.port())));
            for (int i = 0; i < SENTINELS; i++) {
                started.add(sentinel(binary, primary));
            }
            RedisSentinel sentinel = new RedisSentinel(
                    List.copyOf(started.subList(0, 2)), List.copyOf(started.subList(2, started.size())));
            sentinel.awaitWatched();
            return sentinel;
        } catch (RuntimeException e) {
            started.forEach(RedisServer::close);
            throw e;
        }
    }

    /** {@code redis-sentinel://host:port,host:port,host:port#primary}, as Lettuce reads it. */
    public String uri() {
        return sentinels.stream()
                .map(sentinel -> sentinel.host() + ":" + sentinel.port())
                .collect(Collectors.joining(",", "redis-sentinel://", "#" + NAME));
    }

    /** The name under which the sentinels watch the primary: {@code primary}. */
    public String masterName() {
        return NAME;
    }

    /** The three sentinels. */
    public List<RedisServer> sentinels() {
        return sentinels;
    }

    /** The server that the sentinels name as the primary now. */
    public RedisServer primary() {
        RedisServer any = sentinels.stream()
                .filter(RedisServer::isUp)
                .findFirst()
                .orElseThrow(() -> new TestServerException("No sentinel of " + this + " can answer"));
        return named(any);
    }

    /** The other server, whether it runs or not. */
    public RedisServer replica() {
        return other(primary());
    }

    /**
     * Lets the replica take over in good order and waits until all sentinels know.
     *
     * @return the new primary
     */
    public RedisServer failover() {
        RedisServer next = replica();
        order();
        for (int orders = 1; orders < ORDERS; orders++) {
            if (Waiting.until(ORDER_TIMEOUT, PAUSE, () -> running().allMatch(leadsTo(next)))) {
                return next;
            }
            order(); // now and then the sentinels follow the ordered failover with one of their own, and undo it
        }
        awaitPrimary(next);
        return next;
    }

    private void order() {
        try {
            running().findFirst().orElseThrow().command("SENTINEL", "FAILOVER", NAME);
        } catch (RedisCommandException e) {
            if (!e.error().startsWith("INPROG")) {
                throw e;
            } // else one is under way, which is waited for just as well
        }
    }

    private Stream<RedisServer> running() {
        return sentinels.stream().filter(RedisServer::isUp);
    }

    /**
     * Kills the primary and waits until the replica has taken over; about 2 to 3 s.
     *
     * @return the new primary
     */
    public RedisServer killPrimary() {
        RedisServer old = primary();
        RedisServer next = other(old);
        old.kill();
        awaitPrimary(next);
        return next;
    }

    /** Waits until every sentinel sees a primary and a replica in sync, as after the restart of a killed server. */
    public void awaitWatched() {
        await("every sentinel to see a primary, its replica and the other sentinels", RedisSentinel::seesAll);
    }

    /** Kills all servers and removes their files. */
    @Override
    public void close() {
        Stream.concat(sentinels.stream(), servers.stream()).forEach(RedisServer::close);
    }

    @Override
    public String toString() {
        return "RedisSentinel " + servers + " watched by " + sentinels;
    }

    private static RedisServer server(Path binary, List<String> config) {
        return RedisServer.start(RedisSettings.of(binary, RedisSettings.Kind.SERVER, config));
    }

    private static RedisServer sentinel(Path binary, RedisServer primary) {
        RedisServer sentinel = RedisServer.start(RedisSettings.of(
                binary,
                RedisSettings.Kind.SENTINEL,
                List.of(
                        "sentinel monitor " + NAME + " " + primary.host() + " " + primary.port() + " 2",
                        "sentinel down-after-milliseconds " + NAME + " 1000",
                        "sentinel failover-timeout " + NAME + " 3000")));
        // The built-in periods of 1 to 10 s are for production; tilt would stop a sentinel for 30 s on a busy machine.
        sentinel.command(
                "SENTINEL",
                "DEBUG",
                "INFO-PERIOD",
                "200",
                "PING-PERIOD",
                "200",
                "ASK-PERIOD",
                "200",
                "PUBLISH-PERIOD",
                "200",
                "TILT-PERIOD",
                "500");
        return sentinel;
    }

    private void awaitPrimary(RedisServer expected) {
        await("the sentinels to name " + expected + " as the primary", leadsTo(expected));
    }

    private Predicate<RedisServer> leadsTo(RedisServer expected) {
        return sentinel -> named(sentinel).equals(expected)
                && !master(sentinel).getOrDefault("flags", "").contains("failover")
                && expected.command("ROLE").list().get(0).text().equals("master");
    }

    private static boolean seesAll(RedisServer sentinel) {
        Map<String, String> primary = master(sentinel);
        List<RedisReply> replicas =
                sentinel.command("SENTINEL", "REPLICAS", NAME).list();
        return "master".equals(primary.get("flags"))
                && Integer.toString(SENTINELS - 1).equals(primary.get("num-other-sentinels"))
                && replicas.size() == 1
                && "slave".equals(fields(replicas.get(0)).get("flags"))
                && "ok".equals(fields(replicas.get(0)).get("master-link-status"));
    }

    private RedisServer named(RedisServer sentinel) {
        int port = (int) sentinel.command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME)
                .list()
                .get(1)
                .number();
        return servers.stream()
                .filter(server -> server.port() == port)
                .findFirst()
                .orElseThrow();
    }

    private RedisServer other(RedisServer server) {
        return servers.get(1 - servers.indexOf(server));
    }

    private static Map<String, String> master(RedisServer sentinel) {
        return fields(sentinel.command("SENTINEL", "MASTER", NAME));
    }

    private static Map<String, String> fields(RedisReply reply) {
        List<String> words = reply.texts();
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i + 1 < words.size(); i += 2) {
            fields.put(words.get(i), words.get(i + 1));
        }
        return fields;
    }

    private void await(String what, Predicate<RedisServer> condition) {
        boolean done = Waiting.until(TIMEOUT, PAUSE, () -> running().allMatch(condition));
        if (!done) {
            String state = sentinels.stream()
                    .filter(RedisServer::isUp)
                    .map(sentinel -> sentinel + ": " + sentinel.command("SENTINEL", "MASTER", NAME) + " "
                            + sentinel.command("SENTINEL", "REPLICAS", NAME))
                    .collect(Collectors.joining("\n"));
            throw new TestServerException("Waited " + TIMEOUT.toSeconds() + " s for " + what + ". They say:\n" + state);
        }
    }
}
