package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.cache.redis.RedisTierStats.Breaker;
import dev.aside.cache.spi.FillOutcome;
import dev.aside.cache.spi.FillRequest;
import dev.aside.cache.spi.Lease;
import dev.aside.cache.spi.Lookup;
import dev.aside.cache.spi.LookupRequest;
import dev.aside.testkit.FaultProxy;
import dev.aside.testkit.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every figure of {@link RedisTierStats} tells what happened. */
class StatsIT {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final String namespace = UUID.randomUUID().toString();
    private RedisServer redis;
    private FaultProxy proxy;
    private TestNode node;

    @BeforeEach
    void start() {
        redis = RedisServer.builder().start();
        proxy = FaultProxy.to("127.0.0.1", redis.port());
        node = TestNode.start("redis://127.0.0.1:" + proxy.port(), namespace, settings -> settings.maxValueBytes(100))
                .awaitTrust()
                .awaitUsable();
    }

    @AfterEach
    void stop() {
        node.close();
        proxy.close();
        redis.close();
    }

    private RedisTierStats stats() {
        return node.tier.stats();
    }

    @Test
    void health_connectedThenCutThenBack_isTold() {
        assertThat(stats().health()).isEqualTo(new RedisTierStats.Health(true, true, true, Breaker.CLOSED));
        assertThat(stats().log().lag()).isLessThan(Duration.ofSeconds(1));

        proxy.refuse();

        await().atMost(TestNode.PATIENCE)
                .untilAsserted(() -> assertThat(stats().health())
                        .isEqualTo(new RedisTierStats.Health(false, false, false, Breaker.CLOSED)));
        assertThat(stats().log().lag()).isGreaterThan(Duration.ofSeconds(1));
        node.invalidate("a", "b");
        assertThat(stats().journals().pending()).isEqualTo(2);

        proxy.accept();
        await().atMost(TestNode.PATIENCE).until(() -> stats().health().trusted());
        await().atMost(TestNode.PATIENCE).until(() -> stats().journals().pending() == 0);
        assertThat(stats().log().quarantines()).isPositive();
        assertThat(stats().journals().recent()).isEqualTo(2);
    }

    @Test
    void breaker_manyReadsFail_isOpenAndReadsAreCounted() {
        proxy.blackHole(FaultProxy.Direction.TO_CLIENT);

        await().atMost(TestNode.PATIENCE).until(() -> {
            IntStream.range(0, 20).forEach(i -> node.cache.lookup(List.of("k" + i), LookupRequest.READ));
            return stats().health().breaker() == Breaker.OPEN;
        });

        assertThat(stats().traffic().readsFailed()).isGreaterThanOrEqualTo(10);
        proxy.pass();
        await().atMost(TestNode.PATIENCE).until(() -> {
            node.lookup("k");
            return stats().health().breaker() == Breaker.CLOSED;
        });
    }

    /** At most three round trips, however many keys: one to read, one for all leases, one for all fills. */
    @Test
    void roundTrips_ofBatches_doNotDependOnTheNumberOfKeys() {
        node.close();
        node = TestNode.start(
                        redis.uri(),
                        namespace,
                        settings ->
                                settings.commandTimeout(Duration.ofSeconds(3)).staleBound(Duration.ofSeconds(5)))
                .awaitUsable();
        List<String> keys = IntStream.range(0, 500).mapToObj(i -> "k" + i).toList();
        long before = stats().traffic().roundTrips();
        int held = stats().journals().leases();

        List<FillRequest> fills = node.lookupAll(keys, LookupRequest.READ).stream()
                .map(answer -> new FillRequest(((Lookup.Granted) answer).lease(), "v", MINUTE, MINUTE))
                .toList();
        assertThat(stats().journals().leases()).isEqualTo(held + 500);
        assertThat(TestNode.get(node.cache.fill(fills))).containsOnly(FillOutcome.STORED);

        assertThat(stats().traffic().roundTrips()).isEqualTo(before + 3);
        assertThat(stats().traffic().fillsStored()).isEqualTo(500);
        assertThat(stats().journals().leases()).isEqualTo(held);

        assertThat(node.lookupAll(keys, LookupRequest.READ)).allMatch(Lookup.Hit.class::isInstance);
        assertThat(stats().traffic().roundTrips()).isEqualTo(before + 4);
        node.lookup("k1");
        assertThat(stats().traffic().roundTrips()).isEqualTo(before + 5);
    }

    @Test
    void traffic_refusedUnstorableUndecodable_areCounted() {
        Lease lease = node.lease("k");
        node.invalidate("k");
        assertThat(node.fill(lease, "late")).isEqualTo(FillOutcome.REFUSED);
        assertThat(stats().traffic().fillsRefused()).isEqualTo(1);

        assertThat(node.fill(node.lease("large"), "x".repeat(200))).isEqualTo(FillOutcome.UNSTORABLE);
        assertThat(stats().traffic().unstorable()).isEqualTo(1);

        node.lookup(42L); // not a key of this cache
        assertThat(stats().traffic().undecodable()).isEqualTo(1);
    }

    @Test
    void log_entriesThatCannotBeFollowed_areGapsAndClears() {
        RedisTierStats.Log before = stats().log();
        redis.command("FLUSHALL");

        await().atMost(TestNode.PATIENCE).until(() -> stats().log().gaps() == before.gaps() + 1);
        assertThat(stats().log().clears()).isEqualTo(before.clears() + 1);
        assertThat(stats().log().behind()).isZero();
    }

    @Test
    void log_announcedButNotApplied_isBehind() {
        RedisClient client = RedisClient.create(redis.uri());
        try (StatefulRedisConnection<String, String> raw = client.connect()) {
            node.invalidate("k");
            raw.sync().hincrby("{" + namespace + ":0}m", "n", 5); // five entries that never come

            await().atMost(TestNode.PATIENCE)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> stats().log().behind() == 5);
            await().atMost(TestNode.PATIENCE)
                    .until(() -> stats().log().behind() == 0 && stats().log().gaps() > 0);
        } finally {
            client.shutdown();
        }
    }
}
