package dev.aside.cache.redis.torture;

import static org.awaitility.Awaitility.await;

import dev.aside.testkit.FaultProxy;
import dev.aside.testkit.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/** A Redis, a database, nodes in this process and one in a process of its own, all under traffic. One thread. */
final class World implements AutoCloseable {
    private static final int NODES = 3;
    private static final int CHILD = 9;
    private static final Duration WARM_UP = Duration.ofMillis(300);
    private static final Duration SETTLED = TortureNode.BOUND.plusMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final long QUARANTINE = Duration.ofMillis(500).toNanos();

    final RedisServer redis = RedisServer.builder().start();
    final History history = new History();
    final List<TortureNode> nodes = new ArrayList<>();
    final List<FaultProxy> proxies = new ArrayList<>();
    final Random random;
    private final List<Traffic> traffic = new ArrayList<>();
    private final Checker checker = new Checker(history);
    private final StallMonitor stalls = new StallMonitor();
    private final StoreServer store = new StoreServer(history);
    private NodeProcess child;
    private long longestLoad;

    World(long seed) {
        random = new Random(seed);
        for (int i = 0; i < NODES; i++) {
            FaultProxy proxy = proxy();
            proxies.add(proxy);
            TortureNode node = new TortureNode(i, proxy.through(redis.uri()), history, history);
            nodes.add(node);
            traffic.add(new Traffic(node, List.of(Kind.values()), random.nextLong()));
        }
    }

    /** Traffic until the classes are loaded and compiled; what was slow so far says nothing. */
    World warmUp() {
        pause(Duration.ofSeconds(2));
        List<Violation> violations = checker.check(
                        new Checker.Circumstances(0, PATIENCE.toNanos(), Checker.Outage.NONE))
                .violations();
        if (!violations.isEmpty()) {
            throw new AssertionError("without any fault: " + violations);
        }
        return this;
    }

    private FaultProxy proxy() {
        FaultProxy proxy = FaultProxy.to(redis.host(), redis.port());
        proxy.sending("XREAD"); // from the first connection on
        return proxy;
    }

    /** The node in a process of its own; started when first asked for. */
    NodeProcess child() {
        if (child == null) {
            FaultProxy proxy = proxy();
            proxies.add(proxy);
            child = new NodeProcess(CHILD, proxy.through(redis.uri()), store.port(), random.nextLong(), history);
        }
        return child;
    }

    void killChild() {
        child().kill();
        child = null;
        proxies.remove(proxies.size() - 1).close();
    }

    /** How long a loader may take in this round, or a process stand still. */
    void longestLoad(long nanos) {
        longestLoad = nanos;
    }

    /** What SAVE wrote is gone: the next start is empty. */
    void deleteSnapshot() {
        try {
            Files.deleteIfExists(
                    Path.of(redis.command("CONFIG", "GET", "dir").texts().get(1), "dump.rdb"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets a fault happen under traffic, waits until it is over, and checks all that was seen. */
    Checker.Findings round(Fault fault) {
        long longestBefore = longestLoad; // such calls may end in this round
        longestLoad = 0;
        stalls.take();
        writes(true);
        pause(WARM_UP);
        long from = System.nanoTime();
        Runnable end = fault.begin().on(this);
        pause(fault.lasts());
        end.run();
        long healed = System.nanoTime();
        List<Violation> violations = new ArrayList<>();
        long delivered = delivered(violations);
        pause(Duration.ofMillis(200)); // traffic as it was
        writes(false);
        long written = System.nanoTime(); // later than healed, by much if a hundred thousand invalidations were pending
        if (fault.reach() == Fault.Reach.LOST_WRITES) {
            pause(Kind.SHORT.life().plusSeconds(1));
        }
        passed(SETTLED, written);
        violations.addAll(stuck());
        Checker.Outage outage = fault.reach() == Fault.Reach.ALL
                ? new Checker.Outage(from, healed, delivered - healed < QUARANTINE)
                : Checker.Outage.NONE;
        Checker.Findings found =
                checker.check(new Checker.Circumstances(Math.max(longestBefore, longestLoad), stalls.take(), outage));
        violations.addAll(found.violations());
        return new Checker.Findings(
                found.reads(), found.invalidations(), found.pending(), found.maxAge(), found.maxLatency(), violations);
    }

    private void writes(boolean allowed) {
        traffic.forEach(one -> one.writes(allowed));
        if (child != null) {
            child.writes(allowed);
        }
    }

    /** When everything pending was delivered. */
    private long delivered(List<Violation> violations) {
        try {
            until("pending invalidations are delivered", () -> {
                boolean here = nodes.stream().allMatch(node -> node.tier.pendingInvalidations() == 0);
                return here && (child == null || child.pending() == 0);
            });
        } catch (ConditionTimeoutException e) {
            violations.add(new Violation(Oracle.O5, "after " + PATIENCE + " invalidations are still pending", ""));
        }
        return System.nanoTime();
    }

    /** O2: what differs from the database though nothing is written any more. */
    private List<Violation> stuck() {
        List<Violation> stuck = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (String key : kind.keys()) {
                long wanted = history.version(key);
                for (TortureNode node : nodes) {
                    stuck(stuck, node.number, key, node.read(key), wanted);
                }
                if (child != null) {
                    stuck(stuck, CHILD, key, child.read(key), wanted);
                }
            }
        }
        return stuck;
    }

    private static void stuck(List<Violation> stuck, int node, String key, long version, long wanted) {
        if (version != wanted) {
            stuck.add(new Violation(
                    Oracle.O2,
                    "node " + node + " is stuck with " + version + " of " + key + " instead of " + wanted,
                    ""));
        }
    }

    private static void until(String what, Callable<Boolean> condition) {
        await(what)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(condition);
    }

    private static void passed(Duration time, long since) {
        pause(Duration.ofNanos(Math.max(0, time.toNanos() - (System.nanoTime() - since))));
    }

    /** The rhythm of a round is real time: nothing is waited for here. */
    static void pause(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        traffic.forEach(Traffic::close);
        if (child != null) {
            child.close();
        }
        nodes.forEach(TortureNode::close);
        proxies.forEach(FaultProxy::close);
        store.close();
        redis.close();
    }
}
