package dev.aside.cache.redis.torture;

import static org.awaitility.Awaitility.await;

import dev.aside.cache.TtlPolicy;
import dev.aside.cache.redis.RedisTierBuilder;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/** A Redis, a database and some nodes, for one forced interleaving. */
final class RaceCluster implements AutoCloseable {
    static final String NAMESPACE = "race";
    static final Duration PATIENCE = Duration.ofSeconds(60);

    static final Duration TIMEOUT = Duration.ofSeconds(1);

    /** Everything as short as a busy machine allows: it must not lose a race by itself. */
    static final Duration BOUND = Duration.ofMillis(1500);

    private static final Duration NOT_STUCK = BOUND.plusMillis(500).plusSeconds(5);

    static final TtlPolicy POLICY =
            TtlPolicy.named("race").ttl(Duration.ofMinutes(5)).jitter(0).build();

    final RedisServer redis;
    final VersionedStore store = new VersionedStore();
    final ExecutorService readers = Executors.newCachedThreadPool();
    private final List<RaceNode> nodes = new ArrayList<>();
    private String credentials = "";

    RaceCluster(String... config) {
        RedisServer.Builder builder = RedisServer.builder();
        for (String line : config) {
            builder.config(line);
        }
        redis = builder.start();
    }

    /** Has nodes log in, as {@code user:password}. */
    RaceCluster as(String credentials) {
        this.credentials = credentials + '@';
        return this;
    }

    String uri() {
        return "redis://" + credentials + redis.host() + ':' + redis.port();
    }

    RaceNode node() {
        return node(settings -> settings, POLICY);
    }

    RaceNode node(UnaryOperator<RedisTierBuilder> settings, TtlPolicy policy) {
        RaceNode node = untrustedNode(settings, policy);
        until("a new node is trusted", node::trusted);
        return node;
    }

    /** A node that may not be able to follow the log. */
    RaceNode untrustedNode() {
        return untrustedNode(settings -> settings, POLICY);
    }

    private RaceNode untrustedNode(UnaryOperator<RedisTierBuilder> settings, TtlPolicy policy) {
        RaceNode node = new RaceNode(
                this,
                redis,
                builder -> settings.apply(
                        builder.staleBound(BOUND).commandTimeout(TIMEOUT).heartbeat(Duration.ofMillis(50))),
                policy);
        nodes.add(node);
        return node;
    }

    /** Has a node hold the key, from Redis if it is there. */
    void hold(RaceNode node, String key) {
        until("the node holds " + key, () -> {
            node.read(key);
            return node.cache.peek(key) != null;
        });
    }

    static void until(String what, Callable<Boolean> condition) {
        await(what)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(condition);
    }

    /** Lets the clock go on until so long after an instant. */
    static void passed(Duration time, long since) {
        until(time + " pass", () -> System.nanoTime() - since > time.toNanos());
    }

    /** A read, which must give what the database holds. */
    void check(Oracle oracle, RaceNode node, String key) {
        check(oracle, node.read(key), key);
    }

    void check(Oracle oracle, long read, String key) {
        long version = store.version(key);
        if (read < version) {
            throw new OracleViolation(oracle, "read version " + read + " of " + key + " instead of " + version);
        }
    }

    /** Reads for a while, each of which must give what the database holds. */
    void checkFor(Duration time, Oracle oracle, RaceNode node, String key) {
        long start = System.nanoTime();
        until("reads go on", () -> {
            check(oracle, node, key);
            return System.nanoTime() - start > time.toNanos();
        });
    }

    /** Looks for a while at what the node would serve, without having it load. */
    void checkHeldFor(Duration time, Oracle oracle, RaceNode node, String key) {
        long start = System.nanoTime();
        until("it goes on", () -> {
            Item held = node.cache.peek(key);
            check(oracle, held == null ? store.version(key) : held.version(), key);
            return System.nanoTime() - start > time.toNanos();
        });
    }

    /** O2: in the end the node holds, and not only loads, what the database holds. */
    void checkNotStuck(RaceNode node, String key) {
        long start = System.nanoTime();
        until("nothing is stuck", () -> {
            node.read(key);
            Item held = node.cache.peek(key);
            if (System.nanoTime() - start > NOT_STUCK.toNanos()) {
                throw new OracleViolation(Oracle.O2, key + " is stuck: " + held);
            }
            return held != null && held.version() == store.version(key);
        });
    }

    @Override
    public void close() {
        nodes.forEach(RaceNode::close);
        readers.shutdownNow();
        redis.close();
    }
}
