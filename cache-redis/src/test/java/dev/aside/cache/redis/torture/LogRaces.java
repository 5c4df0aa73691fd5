package dev.aside.cache.redis.torture;

import static dev.aside.cache.redis.torture.RaceCluster.BOUND;
import static dev.aside.cache.redis.torture.RaceCluster.passed;
import static dev.aside.cache.redis.torture.RaceCluster.until;

import dev.aside.cache.redis.RedisTierEvent;
import dev.aside.testkit.FaultProxy;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** What may get lost on the way of the log. Keys are held by node a; b writes. */
final class LogRaces {
    private static final String KEY = "k";
    private static final int BACKLOG = 15_000;
    private static final int BATCH = 1000;

    private LogRaces() {}

    @Scenario
    static void invalidation_takesTheValueOutOfRedis() {
        try (RaceCluster cluster = new RaceCluster()) {
            RaceNode a = cluster.node();
            RaceNode b = cluster.node();
            cluster.hold(a, KEY);
            b.write(KEY);
            until("the invalidation is applied", () -> a.gates.applied(KEY));

            cluster.check(Oracle.O1, a, KEY);
        }
    }

    @Scenario
    static void clear_voidsTheValuesInRedis() {
        try (RaceCluster cluster = new RaceCluster()) {
            RaceNode a = cluster.node();
            RaceNode b = cluster.node();
            cluster.hold(a, KEY);
            cluster.store.commit(KEY);
            b.clear();
            until("the clear is applied", () -> a.gates.applied(KEY));

            cluster.check(Oracle.O1, a, KEY);
        }
    }

    /** T3: the reader is cut off. */
    @Scenario
    static void readerCutOff() {
        try (RaceCluster cluster = new RaceCluster()) {
            RaceNode a = cluster.node();
            RaceNode b = cluster.node();
            cluster.hold(a, KEY);
            a.proxy.refuse();
            b.write(KEY);
            passed(BOUND, System.nanoTime());

            cluster.check(Oracle.O1, a, KEY);
        }
    }

    /** What was missed while the reader was cut off is gone from the log but for the last entry. */
    @Scenario
    static void missedEntriesTrimmed() {
        try (RaceCluster cluster = new RaceCluster()) {
            RaceNode a = cluster.node();
            RaceNode b = cluster.node();
            cluster.hold(a, KEY);
            a.gates.forgetApplied();
            cutOff(a);
            b.write(KEY);
            b.write("last");
            cluster.redis.command("XTRIM", "{race:0}x", "MAXLEN", "1");
            a.proxy.accept();
            until("the end of the log is applied", () -> a.gates.applied("last") && a.trusted());

            cluster.check(Oracle.O1, a, KEY);
        }
    }

    /** What was missed while the reader was cut off still stands in the log. */
    @Scenario
    static void missedEntriesReplayed() {
        try (RaceCluster cluster = new RaceCluster()) {
            RaceNode a = cluster.node();
            RaceNode b = cluster.node();
            cluster.hold(a, KEY);
            cutOff(a);
            b.write(KEY);
            long before = a.count(RedisTierEvent.Connected.class);
            a.proxy.accept();
            until("the reader is back", () -> a.count(RedisTierEvent.Connected.class) > before && a.trusted());
            a.gates.forgetApplied();
            b.write("later");
            until("the end of the log is applied", () -> a.gates.applied("later") && a.trusted());

            cluster.check(Oracle.O1, a, KEY);
        }
    }

    /** The same if nobody but the writer can know of the lost write: no log has come to any node since. */
    @Scenario
    static void snapshotRestored_onlyTheWriterKnows() {
        try (RaceCluster cluster = new RaceCluster("user app on >secret ~* &* +@all -info").as("app:secret")) {
            RaceNode a = cluster.node();
            RaceNode b = cluster.node();
            cluster.hold(a, KEY);
            cluster.redis.command("SAVE");
            a.proxy.sending("XREAD").blackHole(FaultProxy.Direction.TO_CLIENT);
            b.proxy.sending("XREAD").blackHole(FaultProxy.Direction.TO_CLIENT);
            b.write(KEY);
            cluster.redis.kill();
            until("both notice", () -> a.saw(RedisTierEvent.Lost.class) && b.saw(RedisTierEvent.Lost.class));
            for (RaceNode node : List.of(a, b)) {
                node.proxy.reset(); // what was held must not arrive after all
                node.proxy.pass();
            }
            cluster.redis.restart();

            cluster.checkNotStuck(a, KEY);
            cluster.checkNotStuck(b, KEY);
        }
    }

    private static void cutOff(RaceNode node) {
        node.proxy.refuse();
        until("the cut is noticed", () -> node.saw(RedisTierEvent.Lost.class));
    }

    /** Heartbeats come through, but what stands in the log before them comes in drops. */
    @Scenario
    static void backlog_heartbeatsAhead() {
        try (RaceCluster cluster = new RaceCluster()) {
            RaceNode a = cluster.node();
            RaceNode b = cluster.node();
            cluster.hold(a, KEY);
            a.proxy.sending("XREAD").throttle(FaultProxy.Direction.TO_CLIENT, 200_000);
            for (int from = 0; from < BACKLOG; from += BATCH) {
                List<String> keys = IntStream.range(from, from + BATCH)
                        .mapToObj(i -> "other" + i)
                        .toList();
                b.cache.invalidateAllAsync(keys).exceptionally(pending -> null).join();
            }
            b.writeIsPending(KEY);
            until("all of it stands in the log", () -> b.tier.pendingInvalidations() == 0);
            passed(BOUND, System.nanoTime());

            cluster.checkHeldFor(Duration.ofSeconds(2), Oracle.O1, a, KEY);
        }
    }

    /** A cold start of all nodes on a server that came back with what it held before the last write. */
    @Scenario
    static void snapshotRestored_beforeAnyNode() {
        try (RaceCluster cluster = new RaceCluster()) {
            RaceNode a = cluster.node();
            RaceNode b = cluster.node();
            cluster.hold(a, KEY);
            cluster.redis.command("SAVE");
            b.write(KEY);
            a.close();
            b.close();
            cluster.redis.kill();
            cluster.redis.restart();

            cluster.checkFor(Duration.ofMillis(300), Oracle.O1, cluster.untrustedNode(), KEY);
        }
    }

    /** The same under running nodes, on a server that hides its history from them. */
    @Scenario
    static void snapshotRestored_historyHidden() {
        try (RaceCluster cluster = new RaceCluster("user app on >secret ~* &* +@all -info").as("app:secret")) {
            RaceNode a = cluster.node();
            RaceNode b = cluster.node();
            cluster.hold(a, KEY);
            cluster.redis.command("SAVE");
            b.write(KEY);
            until("both know of it", () -> a.gates.applied(KEY) && b.gates.applied(KEY));
            cluster.redis.kill();
            until("both notice", () -> a.saw(RedisTierEvent.Lost.class) && b.saw(RedisTierEvent.Lost.class));
            long before = a.count(RedisTierEvent.Connected.class);
            cluster.redis.restart();
            until("the reader is back", () -> a.count(RedisTierEvent.Connected.class) > before && a.trusted());

            cluster.checkNotStuck(a, KEY);
            cluster.checkNotStuck(b, KEY);
        }
    }
}
