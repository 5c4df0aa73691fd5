package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.cache.spi.CacheSpec;
import dev.aside.cache.spi.Delivery;
import dev.aside.cache.spi.FillOutcome;
import dev.aside.cache.spi.Lookup;
import dev.aside.cache.spi.LookupRequest;
import dev.aside.testkit.RedisServer;
import io.lettuce.core.CopyArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SetArgs;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody else's hands in our keys: nothing reaches a reader but right values, and everything heals. */
class RepairIT {
    record Product(String name, int price) {}

    private static final CacheSpec PRODUCTS = new CacheSpec(TestNode.CACHE, List.of(String.class), Product.class);

    private final String namespace = UUID.randomUUID().toString();
    private final String tag = "{" + namespace + ":0}";
    private RedisServer redis;
    private RedisClient client;
    private StatefulRedisConnection<String, byte[]> connection;
    private RedisCommands<String, byte[]> raw;
    private TestNode a;
    private TestNode b;

    @BeforeEach
    void start() {
        redis = RedisServer.builder().start();
        client = RedisClient.create(redis.uri());
        connection = client.connect(Pipeline.CODEC);
        raw = connection.sync();
        a = TestNode.start(redis.uri(), namespace, PRODUCTS, settings -> settings)
                .awaitTrust();
        b = TestNode.start(redis.uri(), namespace, PRODUCTS, settings -> settings)
                .awaitTrust();
    }

    @AfterEach
    void stop() {
        a.close();
        b.close();
        connection.close();
        client.shutdown();
        redis.close();
    }

    private String entry(String key) {
        return tag + "e:" + TestNode.CACHE + '/'
                + RedisTier.shape(1, JacksonCodec.create().bind(Product.class).shape()) + ':' + key;
    }

    private void assertWell() {
        a.awaitTrust().awaitUsable();
        b.awaitTrust().awaitUsable();
        String key = UUID.randomUUID().toString();
        a.put(key, new Product("p", 1));
        assertThat(b.value(key)).isEqualTo(new Product("p", 1));
        await().atMost(TestNode.PATIENCE).until(() -> b.invalidate(key) == Delivery.DONE);
        await().atMost(TestNode.PATIENCE).until(() -> a.node.invalidated.contains(key));
        assertThat(a.lease(key)).isNotNull();
    }

    @Test
    void lookup_randomAndMutatedEntries_neverFailsAndIsRepaired() {
        Random random = new Random(99);
        a.put("k", new Product("name", 7));
        byte[] valid = raw.get(entry("k"));
        for (int i = 0; i < 2000; i++) {
            byte[] mutated = Arrays.copyOf(valid, random.nextInt(4) == 0 ? random.nextInt(200) : valid.length);
            for (int n = random.nextInt(4); n > 0 && mutated.length > 0; n--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
            }
            raw.set(entry("k"), mutated, SetArgs.Builder.px(60_000));

            Lookup answer = b.lookup("k");

            if (answer instanceof Lookup.Hit hit) {
                assertThat(hit.value().value()).isEqualTo(new Product("name", 7));
            } else if (answer instanceof Lookup.Granted granted) {
                assertThat(b.fill(granted.lease(), new Product("name", 7))).isEqualTo(FillOutcome.STORED);
            } else { // it looks like somebody's lease or write
                assertThat(((Lookup.Denied) answer).reason())
                        .isIn(Lookup.Reason.BUSY, Lookup.Reason.WRITING, Lookup.Reason.UNAVAILABLE);
            }
        }
        assertWell();
    }

    /** As by COPY, RENAME, or RESTORE with the name of another key; with its life, and without an end. */
    @Test
    void lookup_entryCopiedFromAnotherKey_isLoadedAndReplaced() {
        String longKey = "long ".repeat(300);
        a.put("k", new Product("of k", 1)).put(longKey, new Product("of the long one", 2));
        List<String> names = raw.keys(tag + "e:*");
        for (String original : names) {
            for (boolean ends : new boolean[] {true, false}) {
                raw.copy(original, entry("other"), CopyArgs.Builder.replace(true));
                if (!ends) {
                    raw.persist(entry("other"));
                }
                b.put("other", new Product("its own", 3)); // which a hit does not allow
                assertThat(a.value("other")).isEqualTo(new Product("its own", 3));
            }
        }
    }

    @Test
    void lookup_entryOfWrongType_isGranted() {
        raw.lpush(entry("k"), new byte[] {1});
        assertThat(a.put("k", new Product("p", 2)).value("k")).isEqualTo(new Product("p", 2));

        raw.del(entry("h"));
        raw.hset(entry("h"), "f", new byte[] {1});
        assertThat(a.put("h", new Product("p", 3)).value("h")).isEqualTo(new Product("p", 3));
    }

    @Test
    void bookkeepingKeys_deletedOrOfWrongType_heal() {
        for (String key : List.of(tag + "m", tag + "x", tag + "c:" + TestNode.CACHE)) {
            List<Runnable> faults = List.of(
                    () -> raw.del(key),
                    () -> {
                        raw.del(key);
                        raw.set(key, new byte[] {1, 2, 3});
                    },
                    () -> {
                        raw.del(key);
                        raw.lpush(key, new byte[] {1});
                    },
                    () -> {
                        raw.del(key);
                        raw.hset(key, "g", new byte[] {1});
                    });
            for (Runnable fault : faults) {
                fault.run();
                assertWell();
            }
        }
    }

    @Test
    void log_foreignEntries_clearAndHeal() {
        List<Runnable> faults = List.of(
                () -> raw.xadd(tag + "x", Map.of("a", new byte[] {1})),
                () -> raw.xadd(tag + "x", Map.of(LogEntry.FIELD, new byte[0])),
                () -> raw.hset(tag + "m", "n", "5".getBytes(StandardCharsets.UTF_8)),
                () -> raw.hset(tag + "m", "n", "-1".getBytes(StandardCharsets.UTF_8)),
                () -> raw.hset(tag + "m", "g", "generationX".getBytes(StandardCharsets.UTF_8)));
        for (Runnable fault : faults) {
            int before = a.node.cleared.get();
            fault.run();

            await().atMost(TestNode.PATIENCE).until(() -> a.node.cleared.get() > before);
            assertWell();
        }
    }

    @Test
    void log_keysThatCannotBeRead_clearTheCache() {
        byte[][] keys = {{}, {':', '\\'}, {'?'}, {':', (byte) 0xFF}};
        String generation = new String(raw.hget(tag + "m", "g"), StandardCharsets.UTF_8);
        for (byte[] key : keys) {
            int before = b.node.cleared.get();
            long next = Long.parseLong(new String(raw.hget(tag + "m", "n"), StandardCharsets.UTF_8)) + 1;
            String entry = LogEntry.written(
                    generation + " node", TestNode.CACHE, new String(key, StandardCharsets.ISO_8859_1));
            raw.xadd(
                    tag + "x",
                    new XAddArgs().id(next + "-0"),
                    Map.of(LogEntry.FIELD, entry.getBytes(StandardCharsets.ISO_8859_1)));
            raw.hset(tag + "m", "n", Long.toString(next).getBytes(StandardCharsets.UTF_8));

            await().atMost(TestNode.PATIENCE).until(() -> b.node.cleared.get() > before);
        }
        assertThat(b.events(RedisTierEvent.Gap.class)).isZero();
        assertWell();
    }

    @Test
    void values_tooLarge_areUnstorableAndFreeTheKey() {
        try (TestNode small =
                TestNode.start(redis.uri(), namespace, PRODUCTS, settings -> settings.maxValueBytes(100))) {
            assertThat(small.fill(small.lease("k"), new Product("x".repeat(200), 1)))
                    .isEqualTo(FillOutcome.UNSTORABLE);
            LookupRequest waiting = new LookupRequest(0, TimeUnit.SECONDS.toNanos(1));
            assertThat(a.lookup("k", waiting)).isInstanceOf(Lookup.Granted.class);
        }
    }

    @Test
    void keys_long_areHashedAndInvalidated() {
        String key = "long ".repeat(300);
        a.put(key, new Product("p", 1));
        assertThat(b.value(key)).isEqualTo(new Product("p", 1));
        assertThat(raw.keys(tag + "e:*")).allMatch(name -> name.length() < 200);

        a.invalidate(key);

        await().atMost(TestNode.PATIENCE).until(() -> b.node.invalidated.contains(key));
        assertThat(b.lookup(key)).isInstanceOf(Lookup.Granted.class);
    }

    @Test
    void keys_ofAnotherTypeThanDeclared_areNotKept() {
        assertThat(a.lookup(42L)).isEqualTo(new Lookup.Denied(Lookup.Reason.UNAVAILABLE, null));
    }

    /** A rolling deploy: two shapes of the value live side by side, and an invalidation by either voids both. */
    @Test
    void shapes_sideBySide_areInvalidatedTogether() {
        record Renamed(String title, int price) {}
        CacheSpec renamed = new CacheSpec(TestNode.CACHE, List.of(String.class), Renamed.class);
        try (TestNode next = TestNode.start(redis.uri(), namespace, renamed, settings -> settings)) {
            for (TestNode writer : List.of(a, next)) {
                a.put("k", new Product("old", 1));
                next.awaitUsable().put("k", new Renamed("new", 2));
                assertThat(b.value("k")).isEqualTo(new Product("old", 1));
                assertThat(next.value("k")).isEqualTo(new Renamed("new", 2));

                assertThat(writer.invalidate("k")).isEqualTo(Delivery.DONE);

                assertThat(b.lease("k")).isNotNull();
                assertThat(next.lease("k")).isNotNull();
                writer.invalidate("k");
            }
        }
    }

    @Test
    void invalidate_cacheThatIsNotOpenHere_reachesThoseWhereItIs() {
        a.put("k", new Product("p", 1));
        try (TestNode other = TestNode.start(
                redis.uri(),
                namespace,
                new CacheSpec("another", List.of(String.class), String.class),
                settings -> settings)) {
            assertThat(other.invalidate("k")).isEqualTo(Delivery.DONE);
        }
        assertThat(a.lookup("k")).isInstanceOf(Lookup.Granted.class);
        await().atMost(TestNode.PATIENCE).until(() -> a.node.invalidated.contains("k"));
    }

    @Test
    void shards_severalOnOneServer_workTogether() {
        try (TestNode c = TestNode.start(redis.uri(), "sharded", PRODUCTS, settings -> settings.shards(8));
                TestNode d = TestNode.start(redis.uri(), "sharded", PRODUCTS, settings -> settings.shards(8))) {
            c.awaitTrust();
            d.awaitTrust();
            List<String> keys = IntStream.range(0, 100).mapToObj(i -> "k" + i).toList();
            keys.forEach(key -> c.put(key, new Product(key, 1)));
            List<Object> found = new ArrayList<>();
            d.lookupAll(keys, LookupRequest.READ)
                    .forEach(answer -> found.add(((Lookup.Hit) answer).value().value()));
            assertThat(found).hasSize(100).doesNotHaveDuplicates();

            assertThat(d.invalidate(keys.toArray())).isEqualTo(Delivery.DONE);

            await().atMost(TestNode.PATIENCE).until(() -> c.node.invalidated.containsAll(keys));
            keys.forEach(key -> assertThat(c.lease(key)).isNotNull());
            TestNode.get(c.tier.clear(TestNode.CACHE));
            await().atMost(TestNode.PATIENCE).until(() -> d.node.cleared.get() == 8);
            assertThat(raw.keys("{sharded:*}m")).hasSize(8);
        }
    }
}
