package dev.aside.cache.redis.torture;

import static dev.aside.cache.redis.torture.RaceCluster.BOUND;
import static dev.aside.cache.redis.torture.RaceCluster.passed;
import static dev.aside.cache.redis.torture.RaceCluster.until;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/** What may overtake what between Redis and the process. Keys are held by node a; b writes. */
final class LocalRaces {
    private static final Duration JOINED = Duration.ofMillis(300);
    private static final String KEY = "k";
    private static final int KEYS = 20;

    private LocalRaces() {}

    /** T1a (the reader writes too), T2a (another node writes): the load ends after the invalidation. */
    @Scenario
    static void loadEndsAfterInvalidation() {
        try (RaceCluster cluster = new RaceCluster()) {
            RaceNode a = cluster.node();
            RaceNode b = cluster.node();
            RaceNode third = cluster.node();
            for (int i = 0; i < KEYS; i++) {
                RaceNode writer = i % 2 == 0 ? a : b;
                String key = KEY + i;
                Hold early = new Hold();
                CompletableFuture<Long> old = a.readHolding(key, early);
                early.awaitArrival();
                writer.write(key);
                Hold late = new Hold(); // somebody else's lease stands there now
                CompletableFuture<Long> next = b.readHolding(key, late);
                late.awaitArrival();
                early.open();
                Hold.get(old);

                cluster.check(Oracle.O1, third, key);
                late.open();
                cluster.check(Oracle.O1, Hold.get(next), key);
                cluster.check(Oracle.O1, a, key);
            }
        }
    }

    /** T2c: a value from Redis reaches the process after the message that voids it. */
    @Scenario
    static void hitOvertakenByInvalidation() {
        hitOvertaken(RaceNode::write);
    }

    @Scenario
    static void hitOvertakenByClear() {
        hitOvertaken((b, key) -> b.clear());
    }

    private static void hitOvertaken(BiConsumer<RaceNode, String> invalidation) {
        try (RaceCluster cluster = new RaceCluster()) {
            RaceNode a = cluster.node();
            RaceNode b = cluster.node();
            for (int i = 0; i < KEYS; i++) {
                String key = KEY + i;
                cluster.hold(b, key);
                Hold answer = a.gates.holdNextLookup();
                CompletableFuture<Long> reader = a.readLater(key);
                answer.awaitArrival();
                a.gates.forgetApplied();
                cluster.store.commit(key);
                invalidation.accept(b, key);
                until("the invalidation is applied", () -> a.gates.applied(key));
                answer.open();
                Hold.get(reader);

                cluster.check(Oracle.O1, a, key);
            }
        }
    }

    /** T2d: a reader comes after the invalidation while a load begun before it is still running. */
    @Scenario
    static void joinAfterInvalidation() {
        joinAfter(RaceNode::write);
    }

    @Scenario
    static void joinAfterClear() {
        joinAfter((b, key) -> b.clear());
    }

    private static void joinAfter(BiConsumer<RaceNode, String> invalidation) {
        try (RaceCluster cluster = new RaceCluster()) {
            RaceNode a = cluster.node();
            RaceNode b = cluster.node();
            for (int i = 0; i < KEYS; i++) {
                String key = KEY + i;
                Hold load = new Hold();
                CompletableFuture<Long> early = a.readHolding(key, load);
                load.awaitArrival();
                a.gates.forgetApplied();
                cluster.store.commit(key);
                invalidation.accept(b, key);
                until("the invalidation is applied", () -> a.gates.applied(key));
                CompletableFuture<Long> reader = a.readLater(key);
                long since = System.nanoTime();
                until(
                        "the reader has its own load",
                        () -> reader.isDone() || System.nanoTime() - since > JOINED.toNanos());
                load.open();
                Hold.get(early);

                cluster.check(Oracle.O1, Hold.get(reader), key);
            }
        }
    }

    /** The log catches up, and trust returns, between a reader's look at what is held and its question for trust. */
    @Scenario
    static void trustReturnsDuringRead() {
        try (RaceCluster cluster = new RaceCluster()) {
            RaceNode a = cluster.node();
            RaceNode b = cluster.node();
            cluster.hold(a, KEY);
            a.proxy.refuse();
            b.write(KEY);
            passed(BOUND.plusMillis(50), System.nanoTime());
            a.gates.beforeNextTrust(() -> {
                a.proxy.accept();
                until("trust is back", a::trusted);
            });

            cluster.check(Oracle.O1, a, KEY);
        }
    }
}
