package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.cache.spi.Delivery;
import dev.aside.cache.spi.Lookup;
import dev.aside.cache.spi.LookupRequest;
import dev.aside.testkit.FaultProxy;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A reader behind a proxy and a writer beside it, and what may happen to the network and to Redis in between. */
class FaultIT {
    private static final String NAMESPACE = "faults";
    private static final Duration BOUND = Duration.ofSeconds(1);
    private static final Lookup UNAVAILABLE = new Lookup.Denied(Lookup.Reason.UNAVAILABLE, null);

    private RedisServer redis;
    private FaultProxy proxy;
    private TestNode reader;
    private TestNode writer;

    @BeforeEach
    void start() {
        redis = RedisServer.builder().start();
        proxy = FaultProxy.to(redis.host(), redis.port());
        reader = TestNode.start(proxy.through(redis.uri()), NAMESPACE).awaitTrust();
        writer = TestNode.start(redis.uri(), NAMESPACE).awaitTrust();
        assertThat(reader.trusted()).isTrue();
    }

    @AfterEach
    void stop() {
        reader.close();
        writer.close();
        proxy.close();
        redis.close();
    }

    private static ConditionFactory soon() {
        return await().atMost(TestNode.PATIENCE);
    }

    /** After a fault: the next invalidation arrives, values are stored and read, trust is back. */
    private void assertWell() {
        reader.awaitTrust().awaitUsable();
        writer.awaitTrust().awaitUsable();
        soon().until(() -> writer.tier.pendingInvalidations() == 0);
        soon().until(() -> writer.invalidate("well") == Delivery.DONE);
        soon().until(() -> reader.node.invalidated.contains("well"));
        reader.put("stored after", "v");
        assertThat(writer.value("stored after")).isEqualTo("v");
    }

    @Test
    void cut_shortly_missedInvalidationsAreReplayed() {
        proxy.refuse();
        soon().until(() -> reader.events(RedisTierEvent.Lost.class) == 1);
        List<String> keys = IntStream.range(0, 50).mapToObj(i -> "k" + i).toList();
        keys.forEach(writer::invalidate);
        proxy.accept();

        soon().until(() -> reader.node.invalidated.containsAll(keys));

        assertThat(reader.node.invalidated).hasSameElementsAs(keys); // one that timed out comes twice
        assertThat(reader.node.cleared.get()).isZero();
        assertWell();
    }

    @Test
    void cut_stays_trustLapsesAndReadsAreDenied() {
        proxy.refuse();

        soon().until(() -> !reader.trusted());

        assertThat(reader.lookup("k")).isEqualTo(UNAVAILABLE);
        proxy.accept();
        assertWell();
    }

    /** A load begun meanwhile must not be joined by those who come after the invalidation. */
    @Test
    void lookupDenied_longKey_isFollowedAllTheSame() {
        String longKey = "k".repeat(Layout.MAX_KEY_BYTES + 1);
        proxy.refuse();
        soon().until(() -> !reader.trusted());
        assertThat(reader.lookup(longKey)).isEqualTo(UNAVAILABLE);
        proxy.accept();
        reader.awaitTrust();

        writer.invalidate(longKey);

        soon().until(() -> reader.node.invalidated.contains(longKey));
    }

    @Test
    void reset_inTheMiddleOfAReply_isSurvived() {
        StringBuilder incompressible = new StringBuilder();
        new Random(1).ints(20_000, 0x4E00, 0x9FFF).forEach(c -> incompressible.append((char) c));
        reader.put("big", incompressible.toString());
        proxy.resetAfter(20_000);

        assertThat(reader.lookup("big") instanceof Lookup.Denied).isTrue();

        assertWell();
        assertThat(reader.value("big").equals(incompressible.toString())).isTrue();
    }

    @Test
    void blackHole_healed_trustLapsedAndReturns() {
        proxy.blackHole();
        soon().until(() -> !reader.trusted());
        writer.invalidate("k");
        assertThat(reader.lookup("k")).isEqualTo(UNAVAILABLE);
        proxy.pass();

        assertWell();
        assertThat(reader.node.invalidated.contains("k") || reader.node.cleared.get() > 0)
                .isTrue();
    }

    @Test
    void halfOpen_forEver_isNoticedAndReplaced() {
        proxy.halfOpen();
        writer.invalidate("k");
        soon().until(() -> reader.events(RedisTierEvent.Lost.class) == 1);
        proxy.pass();

        assertWell();
        assertThat(reader.node.invalidated).contains("k");
    }

    @Test
    void logTrimmed_whileCut_clears() {
        proxy.refuse();
        soon().until(() -> reader.events(RedisTierEvent.Lost.class) == 1);
        IntStream.range(0, 50).forEach(i -> writer.invalidate("k" + i));
        redis.command("XTRIM", "{faults:0}x", "MAXLEN", "1");
        proxy.accept();

        soon().until(() -> reader.node.cleared.get() > 0);

        assertThat(reader.events(RedisTierEvent.Gap.class)).isEqualTo(1);
        assertWell();
    }

    @Test
    void logTrimmedToNothing_whileCut_clears() {
        proxy.refuse();
        soon().until(() -> reader.events(RedisTierEvent.Lost.class) == 1);
        IntStream.range(0, 50).forEach(i -> writer.invalidate("k" + i));
        redis.command("XTRIM", "{faults:0}x", "MAXLEN", "0");
        proxy.accept();

        soon().until(() -> reader.node.cleared.get() > 0);
        assertWell();
    }

    @Test
    void flushAll_clearsAndGoesOn() {
        reader.put("k", "v");
        redis.command("FLUSHALL");

        soon().until(() -> reader.node.cleared.get() > 0 && writer.node.cleared.get() > 0);
        assertWell();
        assertThat(reader.lookup("k")).isInstanceOf(Lookup.Granted.class);
    }

    @Test
    void invalidate_rightAfterFlushAll_isDelivered() {
        redis.command("FLUSHALL");

        assertThat(writer.invalidate("k")).isEqualTo(Delivery.DONE);

        soon().until(() -> reader.node.invalidated.contains("k") || reader.node.cleared.get() > 0);
        assertWell();
    }

    @Test
    void killed_restartedEmpty_clearsAndGoesOn() {
        reader.put("k", "v");
        redis.kill();
        assertThat(writer.invalidate("k")).isEqualTo(Delivery.PENDING);
        soon().until(() -> !reader.trusted());
        redis.restart();

        assertWell();
        assertThat(reader.node.cleared.get()).isPositive();
    }

    /** As a failover that lost the last writes: what comes back was true once. */
    @Test
    void restoredFromAnOldSnapshot_isVoid() {
        reader.put("k", "old");
        redis.command("SAVE");
        assertThat(writer.invalidate("k")).isEqualTo(Delivery.DONE);
        writer.put("k", "new");
        redis.kill();
        redis.restart();

        assertWell();
        assertThat(reader.lookup("k")).isNotInstanceOf(Lookup.Hit.class);
        assertThat(reader.node.cleared.get()).isPositive();
        assertThat(writer.node.cleared.get()).isPositive();
    }

    /** The server granted a lease that its reader never heard of: others need not wait until it runs out. */
    @Test
    void lookup_replyLost_leaseIsGivenBack() {
        reader.lookup("warm up");
        proxy.blackHole(FaultProxy.Direction.TO_CLIENT);

        assertThat(reader.lookup("k", new LookupRequest(Long.MAX_VALUE, 0))).isEqualTo(UNAVAILABLE);

        assertThat(writer.lookup("k", new LookupRequest(0, TimeUnit.SECONDS.toNanos(2))))
                .isInstanceOf(Lookup.Granted.class);
        proxy.pass();
        assertWell();
    }

    /** A node that hears nothing for ever is cut off by itself, in time, though nobody tells it. */
    @Test
    void blackHole_ofReplies_trustEndsWithinTheBound() {
        long before = reader.events(RedisTierEvent.Trust.class);
        proxy.blackHole(FaultProxy.Direction.TO_CLIENT);

        await().atMost(Duration.ofSeconds(2)).until(() -> !reader.trusted());

        proxy.pass();
        assertWell();
        assertThat(reader.events(RedisTierEvent.Trust.class)).isGreaterThan(before);
    }

    @Test
    void scriptFlush_isNotNoticed() {
        reader.put("k", "v");
        redis.command("SCRIPT", "FLUSH");

        assertThat(reader.lookup("other")).isInstanceOf(Lookup.Granted.class);
        assertThat(writer.invalidate("k")).isEqualTo(Delivery.DONE);
        assertThat(reader.lookup("k")).isInstanceOf(Lookup.Granted.class);
        assertWell();
        assertThat(reader.node.cleared.get()).isZero();
    }

    @Test
    void paused_longerThanTheBound_invalidationIsDeliveredAfterwards() {
        reader.put("k", "v");
        redis.pause();
        assertThat(writer.invalidate("k")).isEqualTo(Delivery.PENDING);
        assertThat(writer.lookup("k")).isEqualTo(UNAVAILABLE);
        soon().until(() -> !reader.trusted());
        redis.resume();

        soon().until(() -> writer.tier.pendingInvalidations() == 0);
        assertWell();
        assertThat(reader.lookup("k")).isInstanceOf(Lookup.Granted.class);
    }

    @Test
    void redisDownAtStart_thenUp_isUsed() {
        int port = redis.port();
        reader.close();
        writer.close();
        redis.kill();
        reader = TestNode.start("redis://127.0.0.1:" + port, NAMESPACE);
        writer = TestNode.start("redis://127.0.0.1:" + port, NAMESPACE);
        assertThat(reader.lookup("k")).isEqualTo(UNAVAILABLE);
        assertThat(writer.invalidate("k")).isEqualTo(Delivery.PENDING);
        soon().until(() -> reader.events(RedisTierEvent.Lost.class) == 1);
        RedisTierStats.Health away = reader.tier.stats().health();
        assertThat(away.connected() || away.trusted()).isFalse();
        soon().until(() -> reader.tier.stats().log().lag().compareTo(BOUND) > 0); // a silence that needs a quarantine

        redis.restart();

        assertWell();
        List<Object> told = List.copyOf(reader.events);
        assertThat(told.get(0)).isInstanceOf(RedisTierEvent.Lost.class);
        assertThat(told)
                .hasAtLeastOneElementOfType(RedisTierEvent.Connected.class)
                .hasAtLeastOneElementOfType(RedisTierEvent.Quarantined.class)
                .contains(new RedisTierEvent.Trust(true));
        assertThat(reader.events(RedisTierEvent.Lost.class)).isEqualTo(1);
        RedisTierStats.Health back = reader.tier.stats().health();
        assertThat(back.connected() && back.trusted() && back.usable()).isTrue();
        // told of the key, or of everything if the reader came to the log after it
        assertThat(reader.node.invalidated.contains("k") || reader.node.cleared.get() > 0)
                .isTrue();
    }

    @Test
    void suspendedMachine_isDistrustedUntilTheNextHeartbeat() {
        SettableWall wall = new SettableWall();
        try (TestNode node = TestNode.start(redis.uri(), NAMESPACE, settings -> settings.wall(wall))) {
            node.awaitTrust();
            wall.forward(Duration.ofSeconds(5));

            soon().until(() -> node.events.contains(new RedisTierEvent.Trust(false)));
            node.awaitTrust();
        }
    }

    /** The calendar, moved by hand on top of the real one. */
    private static final class SettableWall implements InstantSource {
        private volatile Duration ahead = Duration.ZERO;

        void forward(Duration by) {
            ahead = ahead.plus(by);
        }

        @Override
        public Instant instant() {
            return InstantSource.system().instant().plus(ahead);
        }
    }
}
