package dev.aside.cache.redis.torture;

import static dev.aside.cache.redis.torture.RaceCluster.BOUND;
import static dev.aside.cache.redis.torture.RaceCluster.passed;
import static dev.aside.cache.redis.torture.RaceCluster.until;

import dev.aside.cache.Cache;
import dev.aside.cache.Caches;
import dev.aside.cache.TtlPolicy;
import dev.aside.cache.redis.RedisTier;
import dev.aside.cache.redis.RedisTierBuilder;
import dev.aside.cache.redis.RedisTierEvent;
import dev.aside.cache.spi.LookupRequest;
import dev.aside.testkit.FaultProxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** What may go wrong with writers, leases and ages. Keys are held by node a; b writes. */
final class WriterRaces {
    private static final String KEY = "k";
    private static final TtlPolicy CLUSTER = TtlPolicy.named("cluster")
            .ttl(Duration.ofMinutes(5))
            .jitter(0)
            .singleFlight(TtlPolicy.SingleFlight.CLUSTER)
            .clusterWait(Duration.ofSeconds(10))
            .build();

    private WriterRaces() {}

    /** The writer is cut off from Redis, the reader is not. */
    @Scenario
    static void writerCutOff() {
        try (RaceCluster cluster = new RaceCluster()) {
            RaceNode a = cluster.node();
            RaceNode b = cluster.node();
            cluster.hold(a, KEY);
            b.proxy.refuse();
            if (!b.writeIsPending(KEY)) {
                throw new OracleViolation(Oracle.O5, "an invalidation returned without Redis");
            }
            b.proxy.accept();

            cluster.checkNotStuck(a, KEY);
        }
    }

    /** Redis takes no writes, so the value stays there, but the writer itself has read its last old value. */
    @Scenario
    static void writerRefused_readsItsOwnWrite() {
        try (RaceCluster cluster = new RaceCluster()) {
            RaceNode b = cluster.node();
            cluster.hold(b, KEY);
            cluster.redis.command("CONFIG", "SET", "maxmemory", "1");
            if (!b.writeIsPending(KEY)) {
                throw new OracleViolation(Oracle.O5, "an invalidation returned though Redis took no write");
            }
            cluster.check(Oracle.O1, b, KEY);
            cluster.redis.command("CONFIG", "SET", "maxmemory", "0");

            cluster.checkNotStuck(b, KEY);
        }
    }

    /** All nodes lose Redis for longer than the bound; the reader is back before the writer. */
    @Scenario
    static void outage_readerIsBackFirst() {
        Duration bound = Duration.ofSeconds(3); // and a quarantine of 2,250 ms
        UnaryOperator<RedisTierBuilder> slow =
                settings -> settings.staleBound(bound).commandTimeout(Duration.ofSeconds(2));
        try (RaceCluster cluster = new RaceCluster()) {
            RaceNode a = cluster.node(slow, RaceCluster.POLICY);
            RaceNode b = cluster.node(slow, RaceCluster.POLICY);
            cluster.hold(a, KEY);
            a.proxy.refuse();
            b.proxy.refuse();
            if (!b.writeIsPending(KEY)) {
                throw new OracleViolation(Oracle.O5, "an invalidation returned without Redis");
            }
            passed(bound, System.nanoTime());
            long before = a.count(RedisTierEvent.Connected.class);
            a.proxy.accept();
            until("the reader is back", () -> a.count(RedisTierEvent.Connected.class) > before);
            cluster.checkFor(Duration.ofMillis(150), Oracle.O7, a, KEY);
            b.proxy.accept();
            until("the writer is back", () -> b.tier.pendingInvalidations() == 0);

            cluster.check(Oracle.O7, a, KEY);
        }
    }

    /** A load of more than three lease times, and a second node that wants the same. */
    @Scenario
    static void loadOutlivesItsLease() {
        Duration lease = Duration.ofMillis(800);
        try (RaceCluster cluster = new RaceCluster()) {
            RaceNode a = cluster.node(settings -> settings.lease(lease), CLUSTER);
            RaceNode b = cluster.node(settings -> settings.lease(lease), CLUSTER);
            Hold load = new Hold();
            CompletableFuture<Long> loading = a.readHolding(KEY, load);
            load.awaitArrival();
            long since = System.nanoTime();
            CompletableFuture<Long> second = b.readLater(KEY);
            until(
                    "a second load",
                    () -> b.loads.get() > 0
                            || System.nanoTime() - since > lease.multipliedBy(4).toNanos());
            load.open();
            Hold.get(loading);
            Hold.get(second);

            if (b.loads.get() > 0 || b.cache.stats().remoteHits() != 1) {
                throw new OracleViolation(
                        Oracle.O4, "two loads of " + KEY + ", the second while the first was running");
            }
        }
    }

    /** A lease is granted to a reader that has given up: nobody else is to wait for it. */
    @Scenario
    static void leaseGrantedTooLate() {
        try (RaceCluster cluster = new RaceCluster()) {
            RaceNode a = cluster.node(settings -> settings.lease(Duration.ofSeconds(8)), CLUSTER);
            RaceNode b = cluster.node(settings -> settings, CLUSTER);
            a.proxy.blackHole(FaultProxy.Direction.TO_CLIENT);
            Hold.get(a.gates
                    .cache()
                    .lookup(List.of(KEY), new LookupRequest(Long.MAX_VALUE, 0)) // asks for a lease at once
                    .toCompletableFuture());
            long since = System.nanoTime();
            b.read(KEY);
            Duration took = Duration.ofNanos(System.nanoTime() - since);
            a.proxy.pass();

            if (took.compareTo(Duration.ofSeconds(4)) > 0) {
                throw new OracleViolation(Oracle.O6, "a cold read took " + took.toMillis() + " ms");
            }
        }
    }

    /** A value that is overwritten without a word, and a second node that takes it over in the middle of its life. */
    @Scenario
    static void copyOfAnOldValue() {
        Duration ttl = Duration.ofMillis(1200);
        TtlPolicy policy = TtlPolicy.named("short").ttl(ttl).jitter(0).build();
        try (RaceCluster cluster = new RaceCluster()) {
            RaceNode a = cluster.node(settings -> settings, policy);
            RaceNode b = cluster.node(settings -> settings, policy);
            b.read("warm up");
            cluster.hold(a, KEY);
            cluster.store.commit(KEY);
            long committed = System.nanoTime();
            passed(ttl.dividedBy(2), committed);
            b.read(KEY);
            passed(ttl.plusMillis(100), committed);

            cluster.checkFor(ttl.dividedBy(3), Oracle.TTL, b, KEY);
        }
    }

    /** Another version of the program keeps the same cache with another type of value. */
    @Scenario
    static void valueOfAnotherShape() {
        record Renamed(String sku, long version) {}
        try (RaceCluster cluster = new RaceCluster();
                Caches other = Caches.builder()
                        .remote(RedisTier.builder()
                                .uri(cluster.uri())
                                .namespace(RaceCluster.NAMESPACE)
                                .staleBound(BOUND)
                                .build())
                        .build()) {
            RaceNode b = cluster.node();
            Cache<String, Renamed> renamed = other.cache(RaceNode.CACHE, String.class, Renamed.class);
            until("the other version holds it", () -> {
                renamed.get(KEY, key -> new Renamed(key, cluster.store.version(key)));
                return renamed.peek(KEY) != null;
            });
            b.write(KEY);
            until("the invalidation is applied", () -> renamed.peek(KEY) == null);

            long version = renamed.get(KEY, key -> new Renamed(key, cluster.store.version(key)))
                    .version();
            cluster.check(Oracle.O1, version, KEY);
        }
    }
}
