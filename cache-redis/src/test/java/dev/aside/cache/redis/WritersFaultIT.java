package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.cache.spi.Delivery;
import dev.aside.cache.spi.FillOutcome;
import dev.aside.cache.spi.Intent;
import dev.aside.cache.spi.Lease;
import dev.aside.cache.spi.Lookup;
import dev.aside.cache.spi.PutOutcome;
import dev.aside.testkit.FaultProxy;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A writer behind a proxy, and what may happen between the announcement of a write and its end. */
@Tag("alone") // beside others a slow machine does not do a command in its time
class WritersFaultIT {
    private static final String NAMESPACE = "writers";
    private static final Lookup WRITING = new Lookup.Denied(Lookup.Reason.WRITING, null);
    private static final Lookup UNAVAILABLE = new Lookup.Denied(Lookup.Reason.UNAVAILABLE, null);

    private RedisServer redis;
    private FaultProxy proxy;
    private TestNode writer;
    private TestNode reader;

    @BeforeEach
    void start() {
        redis = RedisServer.builder().start();
        proxy = FaultProxy.to(redis.host(), redis.port());
        writer = TestNode.start(proxy.through(redis.uri()), NAMESPACE).awaitTrust();
        reader = TestNode.start(redis.uri(), NAMESPACE).awaitTrust();
    }

    @AfterEach
    void stop() {
        writer.close();
        reader.close();
        proxy.close();
        redis.close();
    }

    private static ConditionFactory soon() {
        return await().atMost(TestNode.PATIENCE);
    }

    /** Long before the guard of 30 s is over the key can be loaded, and is. */
    private void assertKeyIsFree(String key) {
        soon().until(() -> writer.tier.pendingInvalidations() == 0);
        reader.awaitTrust().awaitUsable();
        Lease lease = reader.lease(key);
        assertThat(reader.fill(lease, "loaded")).isEqualTo(FillOutcome.STORED);
        writer.awaitUsable();
        assertThat(writer.value(key)).isEqualTo("loaded");
    }

    /** What the engine needs to refuse a write in no time. */
    @Test
    void announce_notConnected_answersAtOnceAndLeavesNothingBehind() {
        proxy.refuse();
        soon().until(() -> writer.events(RedisTierEvent.Lost.class) == 1);

        var announced = writer.tier.announce(TestNode.CACHE, List.of("k")).toCompletableFuture();

        assertThat(announced).isCompletedWithValue(List.of());
        assertThat(writer.tier.pendingInvalidations()).isZero();
    }

    /** The announcement stands in Redis, but its writer never heard of it. */
    @Test
    void announce_replyLost_isTakenBack() {
        proxy.blackHole(FaultProxy.Direction.TO_CLIENT);

        assertThat(TestNode.get(writer.tier.announce(TestNode.CACHE, List.of("k"))))
                .isEmpty();
        assertThat(reader.lookup("k")).isEqualTo(WRITING);

        proxy.pass();
        assertKeyIsFree("k");
    }

    /** The announcement is held up in the network and arrives when nobody waits for it any more. */
    @Test
    void announce_requestHeldUp_isTakenBack() {
        proxy.blackHole(FaultProxy.Direction.TO_SERVER);

        assertThat(TestNode.get(writer.tier.announce(TestNode.CACHE, List.of("k"))))
                .isEmpty();
        assertThat(writer.tier.pendingInvalidations()).isEqualTo(1);

        proxy.pass();
        assertKeyIsFree("k");
    }

    /** The value is stored, but its writer never heard of it and says that the old one is on its way out. */
    @Test
    void put_replyLost_isPendingAndTheKeyIsInvalidated() {
        Intent intent = writer.announce("k");
        proxy.blackHole(FaultProxy.Direction.TO_CLIENT);

        assertThat(writer.write(intent, "new")).isEqualTo(PutOutcome.PENDING);
        assertThat(reader.value("k")).isEqualTo("new");
        assertThat(writer.tier.pendingInvalidations()).isEqualTo(1);

        proxy.pass();
        soon().until(() -> reader.lookup("k") instanceof Lookup.Granted);
        soon().until(() -> reader.node.invalidated.size() >= 3);
    }

    @Test
    void put_requestHeldUp_doesNotStoreTheValueLate() {
        Intent intent = writer.announce("k");
        proxy.blackHole(FaultProxy.Direction.TO_SERVER);
        assertThat(writer.write(intent, "new")).isEqualTo(PutOutcome.PENDING);
        soon().until(() -> writer.events(RedisTierEvent.Lost.class) == 1);

        proxy.pass();
        soon().until(() -> writer.tier.pendingInvalidations() == 0);
        assertKeyIsFree("k");
    }

    @Test
    void put_notConnected_isPending() {
        Intent intent = writer.announce("k");
        proxy.refuse();
        soon().until(() -> writer.events(RedisTierEvent.Lost.class) == 1);

        assertThat(writer.write(intent, "new")).isEqualTo(PutOutcome.PENDING);
        assertThat(reader.lookup("k")).isEqualTo(WRITING);

        proxy.accept();
        assertKeyIsFree("k");
    }

    /** An end that comes late takes its announcement with it. */
    @Test
    void end_notConnected_isDeliveredLaterAndFreesTheKey() {
        Intent intent = writer.announce("k");
        proxy.refuse();
        soon().until(() -> writer.events(RedisTierEvent.Lost.class) == 1);

        assertThat(writer.end(intent)).isEqualTo(Delivery.PENDING);
        assertThat(reader.lookup("k")).isEqualTo(WRITING);

        proxy.accept();
        assertKeyIsFree("k");
        assertThat(reader.node.invalidated).contains("k");
    }

    @Test
    void put_redisRestartedEmptySince_invalidates() {
        Intent intent = writer.announce("k");
        redis.kill();
        redis.restart();
        writer.awaitUsable();

        assertThat(writer.write(intent, "new")).isIn(PutOutcome.INVALIDATED, PutOutcome.PENDING);

        assertKeyIsFree("k");
    }

    @Test
    void put_flushedSince_invalidates() {
        Intent intent = writer.announce("k");
        redis.command("FLUSHALL");

        assertThat(writer.write(intent, "new")).isEqualTo(PutOutcome.INVALIDATED);

        assertKeyIsFree("k");
    }

    @Test
    void announce_rightAfterFlushAll_stands() {
        redis.command("FLUSHALL");

        Intent intent = writer.announce("k");

        soon().until(() -> reader.lookup("k").equals(WRITING));
        assertThat(writer.write(intent, "new")).isEqualTo(PutOutcome.STORED);
    }

    /** As a failover that lost the last writes: a tag invalidated since the snapshot does not come back to life. */
    @Test
    void invalidateTags_lostWithTheHistory_areIssuedAgain() {
        assertThat(reader.fill(reader.lease("k"), "old", List.of("t"))).isEqualTo(FillOutcome.STORED);
        redis.command("SAVE");
        assertThat(writer.invalidateTags("t")).isEqualTo(Delivery.DONE);
        soon().until(() -> reader.node.tags.size() == 1);
        int cleared = reader.node.cleared.get();
        redis.kill();
        proxy.blackHole();
        redis.restart();
        soon().until(() -> reader.node.cleared.get() > cleared); // it is back first, or it would hear of nothing
        proxy.pass();

        soon().until(() -> reader.node.tags.size() >= 2);

        writer.awaitTrust().awaitUsable();
        reader.awaitTrust().awaitUsable();
        assertThat(reader.lookup("k")).isInstanceOf(Lookup.Granted.class);
    }

    @Test
    void invalidateTags_notConnected_areDeliveredLater() {
        assertThat(reader.fill(reader.lease("k"), "old", List.of("t"))).isEqualTo(FillOutcome.STORED);
        proxy.blackHole();
        assertThat(writer.invalidateTags("t")).isEqualTo(Delivery.PENDING);
        assertThat(writer.lookup("any key of the cache")).isEqualTo(UNAVAILABLE);

        proxy.pass();

        soon().until(() -> writer.tier.pendingInvalidations() == 0);
        soon().until(() -> reader.node.tags.contains("t"));
        assertThat(reader.lookup("k")).isInstanceOf(Lookup.Granted.class);
        writer.awaitUsable();
    }

    /** The stamps cannot be read: tagged values count as absent, and no reader gets an exception. */
    @Test
    void lookup_stampsOfAWrongType_isAsIfAbsent() {
        assertThat(reader.fill(reader.lease("k"), "old", List.of("t"))).isEqualTo(FillOutcome.STORED);
        redis.command("DEL", "{writers:0}t:product/:t");
        redis.command("HSET", "{writers:0}t:product/:t", "a", "b");

        assertThat(writer.fill(writer.lease("k"), "new", List.of("t"))).isEqualTo(FillOutcome.STORED);
        assertThat(reader.value("k")).isEqualTo("new");
    }

    /** Between the announcement and its end the writer is gone for good; only the guard frees the key. */
    @Test
    void writerDies_keyIsFreeAfterTheGuard() {
        TestNode dying = TestNode.start(redis.uri(), NAMESPACE, settings -> settings.writeGuard(Duration.ofSeconds(3)))
                .awaitTrust();
        Lease lease = reader.lease("k");
        dying.announce("k");
        dying.close();

        assertThat(reader.lookup("k")).isEqualTo(WRITING);
        assertThat(reader.fill(lease, "old")).isEqualTo(FillOutcome.REFUSED);
        soon().until(() -> reader.lookup("k") instanceof Lookup.Granted);
    }
}
