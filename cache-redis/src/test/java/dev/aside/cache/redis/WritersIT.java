package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aside.cache.spi.CacheSpec;
import dev.aside.cache.spi.Delivery;
import dev.aside.cache.spi.FillOutcome;
import dev.aside.cache.spi.Intent;
import dev.aside.cache.spi.Lease;
import dev.aside.cache.spi.Lookup;
import dev.aside.cache.spi.LookupRequest;
import dev.aside.cache.spi.PutOutcome;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Announced writes of two nodes on one healthy Redis, and what a third one sees of them. */
class WritersIT {
    private static final Lookup WRITING = new Lookup.Denied(Lookup.Reason.WRITING, null);

    private final String namespace = UUID.randomUUID().toString();
    private TestNode a;
    private TestNode b;
    private TestNode reader;

    @BeforeEach
    void start() {
        String uri = RedisServer.shared().uri();
        a = TestNode.start(uri, namespace, TestNode::patient).awaitTrust();
        b = TestNode.start(uri, namespace, TestNode::patient).awaitTrust();
        reader = TestNode.start(uri, namespace, TestNode::patient).awaitTrust();
    }

    @AfterEach
    void stop() {
        a.close();
        b.close();
        reader.close();
    }

    private TestNode impatient(Duration guard) {
        return TestNode.start(
                        RedisServer.shared().uri(),
                        namespace,
                        settings -> settings.commandTimeout(Duration.ofSeconds(1))
                                .staleBound(Duration.ofSeconds(3))
                                .writeGuard(guard))
                .awaitTrust();
    }

    @Test
    void put_alone_isStoredAndToldToAllNodes() {
        reader.put("k", "old");
        Intent intent = a.announce("k");
        assertThat(reader.lookup("k")).isEqualTo(WRITING);

        assertThat(a.write(intent, "new")).isEqualTo(PutOutcome.STORED);

        assertThat(reader.value("k")).isEqualTo("new");
        await().atMost(TestNode.PATIENCE).until(() -> reader.node.invalidated.equals(List.of("k", "k")));
    }

    @Test
    void put_absence_isStored() {
        assertThat(a.write(a.announce("k"), null)).isEqualTo(PutOutcome.STORED);

        assertThat(reader.value("k")).isNull();
    }

    @Test
    void put_longKey_isStoredUnderItsHash() {
        String key = "long ".repeat(300);
        reader.lookup(key);

        assertThat(a.write(a.announce(key), "new")).isEqualTo(PutOutcome.STORED);

        assertThat(reader.value(key)).isEqualTo("new");
        await().atMost(TestNode.PATIENCE).until(() -> reader.node.invalidated.contains(key));
    }

    /** The load began before the write; it must not be kept, however the two end. */
    @Test
    void announce_loadUnderWay_isRefused() {
        Lease lease = reader.lease("k");
        Intent intent = a.announce("k");

        assertThat(reader.fill(lease, "old")).isEqualTo(FillOutcome.REFUSED);
        assertThat(reader.lookup("k")).isEqualTo(WRITING);

        assertThat(a.end(intent)).isEqualTo(Delivery.DONE);
        assertThat(reader.lookup("k")).isInstanceOf(Lookup.Granted.class);
    }

    @Test
    void announce_liveValueBeingRefreshed_isRefused() {
        reader.put("k", "old");
        Lookup.Granted granted = (Lookup.Granted) reader.lookup("k", new LookupRequest(Long.MAX_VALUE, 0));
        Intent intent = a.announce("k");

        assertThat(reader.fill(granted.lease(), "old")).isEqualTo(FillOutcome.REFUSED);
        assertThat(a.write(intent, "new")).isEqualTo(PutOutcome.STORED);
    }

    /**
     * Two writers in every order of announcement (a, b) and end (A, B), each ending by a put or, rolled back, by an
     * invalidation: a value is kept only if its writer met nobody, and the last one who did decides.
     */
    @ParameterizedTest
    @ValueSource(strings = {"aAbB", "bBaA", "abAB", "abBA", "baAB", "baBA"})
    void put_twoWriters_neverBothNorTheFirst(String order) {
        boolean alone = order.equals("aAbB") || order.equals("bBaA");
        for (String rolledBack : List.of("", "A", "B", "AB")) {
            String key = order + rolledBack;
            Map<Character, TestNode> writers = Map.of('a', a, 'b', b);
            Map<Character, Intent> intents = new HashMap<>();
            String kept = null;
            for (int i = 0; i < order.length(); i++) {
                char step = order.charAt(i);
                char writer = Character.toLowerCase(step);
                TestNode node = writers.get(writer);
                if (step == writer) {
                    intents.put(writer, node.announce(key));
                    kept = null;
                } else if (rolledBack.indexOf(step) >= 0) {
                    assertThat(node.end(intents.get(writer))).isEqualTo(Delivery.DONE);
                    kept = null;
                } else {
                    PutOutcome outcome = node.write(intents.get(writer), "by " + writer);
                    assertThat(outcome).isEqualTo(alone ? PutOutcome.STORED : PutOutcome.INVALIDATED);
                    kept = alone ? "by " + writer : null;
                }
            }
            Lookup found = reader.lookup(key);
            if (kept == null) {
                assertThat(found).isInstanceOf(Lookup.Granted.class);
            } else {
                assertThat(((Lookup.Hit) found).value().value()).isEqualTo(kept);
            }
        }
    }

    /** The first writer dies: nothing is kept while its guard lasts, and everything is well afterwards. */
    @Test
    void put_firstWriterDied_isRefusedAndTheKeyIsFreeAfterTheGuard() {
        TestNode dead = impatient(Duration.ofSeconds(4));
        dead.announce("k");
        dead.close();
        Intent intent = b.announce("k");

        assertThat(b.write(intent, "new")).isEqualTo(PutOutcome.INVALIDATED);
        assertThat(reader.lookup("k")).isEqualTo(WRITING);

        await().atMost(TestNode.PATIENCE).until(() -> reader.lookup("k") instanceof Lookup.Granted);
        assertThat(b.write(b.announce("k"), "newer")).isEqualTo(PutOutcome.STORED);
    }

    /** Two writes overlap, and the guard of the first is over before the second ends: whose commit was the last? */
    @Test
    void put_firstWritersGuardRanOut_isRefused() {
        try (TestNode first = impatient(Duration.ofSeconds(2))) {
            first.announce("k");
            Intent second = b.announce("k");
            String writers = "{" + namespace + ":0}w:" + TestNode.CACHE + "/:k";
            String writersOfTheFirst =
                    RedisServer.shared().command("GET", writers).toString();
            long deadline = Long.parseLong(writersOfTheFirst.replaceAll("(?s).*?!(\\d{13}).*", "$1"));
            await().atMost(TestNode.PATIENCE)
                    .until(() -> Long.parseLong(RedisServer.shared()
                                    .command("EVAL", "return redis.call('TIME')[1] * 1000", "0")
                                    .toString()
                                    .replaceAll("[^0-9]", ""))
                            > deadline);

            assertThat(b.write(second, "new")).isEqualTo(PutOutcome.INVALIDATED);
            assertThat(reader.lookup("k")).isInstanceOf(Lookup.Granted.class);
        }
    }

    @Test
    void put_ownGuardRanOut_isRefused() {
        try (TestNode slow = impatient(Duration.ofMillis(1200))) {
            Intent intent = slow.announce("k");
            await().atMost(TestNode.PATIENCE).until(() -> reader.lookup("k") instanceof Lookup.Granted);

            assertThat(slow.write(intent, "late")).isEqualTo(PutOutcome.INVALIDATED);
            await().atMost(TestNode.PATIENCE).until(() -> slow.events(RedisTierEvent.PutRefused.class) == 1);
        }
    }

    @Test
    void put_invalidatedSince_isRefusedAndTheInvalidationFreesNothing() {
        Intent intent = a.announce("k");
        b.invalidate("k");
        assertThat(reader.lookup("k")).isEqualTo(WRITING);

        assertThat(a.write(intent, "new")).isEqualTo(PutOutcome.INVALIDATED);
        assertThat(reader.lookup("k")).isInstanceOf(Lookup.Granted.class);
    }

    @Test
    void put_clearedSince_isRefused() {
        Intent intent = a.announce("k");
        assertThat(TestNode.get(b.tier.clear(TestNode.CACHE))).isEqualTo(Delivery.DONE);
        assertThat(reader.lookup("k")).isEqualTo(WRITING);

        assertThat(a.write(intent, "new")).isEqualTo(PutOutcome.INVALIDATED);
        assertThat(reader.lookup("k")).isInstanceOf(Lookup.Granted.class);
    }

    @Test
    void put_twice_invalidatesTheSecondTime() {
        Intent intent = a.announce("k");
        assertThat(a.write(intent, "new")).isEqualTo(PutOutcome.STORED);

        assertThat(a.write(intent, "new")).isEqualTo(PutOutcome.INVALIDATED);
        assertThat(reader.lookup("k")).isInstanceOf(Lookup.Granted.class);
    }

    @Test
    void put_valueThatCannotBeStored_invalidates() {
        try (TestNode small =
                TestNode.start(RedisServer.shared().uri(), namespace, settings -> settings.maxValueBytes(100))) {
            Intent intent = small.awaitUsable().announce("k");

            assertThat(small.write(intent, "x".repeat(200))).isEqualTo(PutOutcome.INVALIDATED);

            await().atMost(TestNode.PATIENCE).until(() -> small.events(RedisTierEvent.Unstorable.class) == 1);
            assertThat(reader.lookup("k")).isInstanceOf(Lookup.Granted.class);
        }
    }

    @Test
    void put_intentOfAnotherTier_isRefused() {
        assertThatThrownBy(() -> a.write(new Intent() {}, "v")).hasMessageStartingWith("not an intent of this tier: ");
    }

    @Test
    void announce_cacheNotOpenHere_keepsLoadsOutAndPutsNothing() {
        reader.put("k", "old");
        CacheSpec another = new CacheSpec("another", List.of(String.class), String.class);
        try (TestNode other = TestNode.start(RedisServer.shared().uri(), namespace, another, settings -> settings)) {
            Intent intent = other.awaitUsable().announce("k");
            assertThat(reader.lookup("k")).isEqualTo(WRITING);

            assertThat(other.end(intent)).isEqualTo(Delivery.DONE);

            assertThat(reader.lookup("k")).isInstanceOf(Lookup.Granted.class);
            await().atMost(TestNode.PATIENCE).until(() -> reader.node.invalidated.equals(List.of("k", "k")));
        }
    }

    /** Two shapes of the value live side by side: an announcement by either voids both, and so does a put. */
    @Test
    void announce_severalShapes_allAreGone() {
        CacheSpec numbers = new CacheSpec(TestNode.CACHE, List.of(String.class), Long.class);
        try (TestNode next = TestNode.start(RedisServer.shared().uri(), namespace, numbers, settings -> settings)) {
            a.put("k", "one");
            next.awaitUsable().put("k", 1L);

            Intent intent = a.announce("k");
            assertThat(next.lookup("k")).isEqualTo(WRITING);
            assertThat(a.write(intent, "two")).isEqualTo(PutOutcome.STORED);

            assertThat(next.lookup("k")).isInstanceOf(Lookup.Granted.class);
            assertThat(next.write(next.announce("k"), 3L)).isEqualTo(PutOutcome.STORED);
            assertThat(reader.lookup("k")).isInstanceOf(Lookup.Granted.class);
        }
    }

    @Test
    void announce_manyKeysInSeveralShards_standTogether() {
        try (TestNode c = TestNode.start(
                RedisServer.shared().uri(),
                "sharded-writers",
                settings -> TestNode.patient(settings).shards(4))) {
            c.awaitTrust();
            List<String> keys = IntStream.range(0, 700).mapToObj(i -> "k" + i).toList();
            List<Intent> intents = TestNode.get(c.tier.announce(TestNode.CACHE, keys));

            assertThat(intents).hasSize(700);
            assertThat(new HashSet<>(intents)).hasSize(700);
            assertThat(c.lookupAll(keys, LookupRequest.READ)).containsOnly(WRITING);
            assertThat(c.write(intents.get(699), "v")).isEqualTo(PutOutcome.STORED);
            assertThat(c.value("k699")).isEqualTo("v");

            assertThat(TestNode.get(c.tier.end(new ArrayList<>(intents)))).isEqualTo(Delivery.DONE);
            assertThat(c.lookupAll(keys, LookupRequest.READ)).allMatch(Lookup.Granted.class::isInstance);
        }
    }

    @Test
    void announce_keysOfTheSameText_shareAnAnnouncement() {
        List<Intent> intents = TestNode.get(a.tier.announce(TestNode.CACHE, List.of("1", 1L)));

        assertThat(a.write(intents.get(1), "v")).isEqualTo(PutOutcome.STORED);
        assertThat(a.end(intents.get(0))).isEqualTo(Delivery.DONE);
        assertThat(reader.lookup("1")).isInstanceOf(Lookup.Granted.class);
    }

    @Test
    void announce_tooManyWriters_isRefusedAndNotTakenBack() {
        for (int i = 0; i < 64; i++) {
            a.announce("k");
        }

        assertThat(TestNode.get(b.tier.announce(TestNode.CACHE, List.of("k")))).isEmpty();

        await().atMost(TestNode.PATIENCE)
                .until(() -> b.events.contains(
                        new RedisTierEvent.NotAnnounced(TestNode.CACHE, "a key has too many writers")));
        assertThat(b.tier.pendingInvalidations()).isZero();
    }

    /** One shard places its part and another does not: the whole is not placed, and nothing of it stands for long. */
    @Test
    void announce_notAllPlaced_takesBackTheRest() {
        Layout layout = new Layout("partly", 4);
        String other = IntStream.range(0, 100)
                .mapToObj(i -> "k" + i)
                .filter(key -> layout.shardOf(':' + key) != layout.shardOf(":full"))
                .findFirst()
                .orElseThrow();
        try (TestNode c = TestNode.start(
                RedisServer.shared().uri(),
                layout.namespace(),
                settings -> TestNode.patient(settings).shards(4))) {
            c.awaitTrust();
            for (int i = 0; i < 64; i++) {
                c.announce("full");
            }

            assertThat(TestNode.get(c.tier.announce(TestNode.CACHE, List.of(other, "full"))))
                    .isEmpty();

            await().atMost(TestNode.PATIENCE).until(() -> c.lookup(other) instanceof Lookup.Granted);
        }
    }

    @Test
    void announce_keyWithoutText_isRefusedOutright() {
        assertThatThrownBy(() -> a.tier.announce(TestNode.CACHE, List.of(new Object())))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
