package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aside.cache.spi.CacheSpec;
import dev.aside.cache.spi.Delivery;
import dev.aside.cache.spi.FillOutcome;
import dev.aside.cache.spi.FillRequest;
import dev.aside.cache.spi.Intent;
import dev.aside.cache.spi.Lease;
import dev.aside.cache.spi.Lookup;
import dev.aside.cache.spi.LookupRequest;
import dev.aside.cache.spi.PutOutcome;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tagged values of two nodes on one healthy Redis. */
class TagsIT {
    private static final LookupRequest REFRESH = new LookupRequest(Long.MAX_VALUE, 0);

    private final String namespace = UUID.randomUUID().toString();
    private RedisServer redis;
    private TestNode a;
    private TestNode b;

    @BeforeEach
    void start() {
        redis = RedisServer.builder().start();
        a = TestNode.start(redis.uri(), namespace, TestNode::patient).awaitTrust();
        b = TestNode.start(redis.uri(), namespace, TestNode::patient).awaitTrust();
    }

    @AfterEach
    void stop() {
        a.close();
        b.close();
        redis.close();
    }

    private void store(String key, String value, String... tags) {
        assertThat(a.fill(a.lease(key), value, List.of(tags))).isEqualTo(FillOutcome.STORED);
    }

    @Test
    void invalidateTags_valueStored_isGoneOnAllNodes() {
        store("k", "old", "country:GB", "brand:7");
        assertThat(((Lookup.Hit) b.lookup("k")).value().tags()).containsExactly("country:GB", "brand:7");

        assertThat(a.invalidateTags("country:GB")).isEqualTo(Delivery.DONE);

        assertThat(a.lookup("k")).isInstanceOf(Lookup.Granted.class);
        await().atMost(TestNode.PATIENCE).until(() -> a.node.tags.equals(List.of("country:GB")));
        await().atMost(TestNode.PATIENCE).until(() -> b.node.tags.equals(List.of("country:GB")));
        assertThat(a.node.cleared.get() + b.node.cleared.get()).isZero();
    }

    @Test
    void invalidateTags_othersValues_stay() {
        store("tagged", "v", "a");
        store("other", "v", "b");
        a.put("untagged", "v");

        b.invalidateTags("a", "c");

        assertThat(b.value("other")).isEqualTo("v");
        assertThat(b.value("untagged")).isEqualTo("v");
        assertThat(b.lookup("tagged")).isInstanceOf(Lookup.Granted.class);
    }

    @Test
    void invalidateTags_anotherCachesTag_isAnotherTag() {
        CacheSpec spec = new CacheSpec("another", List.of(String.class), String.class);
        try (TestNode other = TestNode.start(redis.uri(), namespace, spec, settings -> settings)) {
            other.awaitUsable();
            assertThat(other.fill(other.lease("k"), "v", List.of("a"))).isEqualTo(FillOutcome.STORED);

            a.invalidateTags("a");

            assertThat(other.value("k")).isEqualTo("v");
        }
    }

    @Test
    void invalidateTags_betweenLeaseAndFill_refusesTheFillAndNotTheNext() {
        for (int i = 0; i < 100; i++) {
            String key = "k" + i;
            Lease lease = a.lease(key);
            TestNode writer = i % 2 == 0 ? a : b;
            writer.invalidateTags("t");

            assertThat(a.fill(lease, "old", List.of("s", "t"))).isEqualTo(FillOutcome.REFUSED);
            assertThat(a.fill(a.lease(key), "new", List.of("s", "t"))).isEqualTo(FillOutcome.STORED);
            assertThat(b.value(key)).isEqualTo("new");
        }
    }

    @Test
    void invalidateTags_betweenRefreshAndFill_refusesTheFill() {
        store("k", "old", "t");
        Lookup.Granted granted = (Lookup.Granted) a.lookup("k", REFRESH);

        b.invalidateTags("t");

        assertThat(a.fill(granted.lease(), "older", List.of("t"))).isEqualTo(FillOutcome.REFUSED);
    }

    @Test
    void invalidateTags_betweenAnnouncementAndPut_refusesThePut() {
        Intent intent = a.announce("k");
        b.invalidateTags("t");
        assertThat(a.write(intent, "new", "t")).isEqualTo(PutOutcome.INVALIDATED);

        assertThat(a.write(a.announce("k"), "newer", "t")).isEqualTo(PutOutcome.STORED);
        assertThat(b.value("k")).isEqualTo("newer");

        b.invalidateTags("t");
        assertThat(b.lookup("k")).isInstanceOf(Lookup.Granted.class);
    }

    /** A live value whose tag was invalidated is no value, also for those who would refresh it or wait for that. */
    @Test
    void refresh_tagInvalidated_isAsIfAbsent() {
        store("k", "old", "t");
        b.invalidateTags("t");

        Lookup.Granted granted = (Lookup.Granted) a.lookup("k", REFRESH);
        assertThat(granted.current()).isNull();
        assertThat(b.lookup("k")).isEqualTo(new Lookup.Denied(Lookup.Reason.BUSY, null));
        assertThat(b.lookup("k", REFRESH)).isEqualTo(new Lookup.Denied(Lookup.Reason.BUSY, null));
        var waiting = b.cache.lookup(List.of("k"), new LookupRequest(0, TimeUnit.SECONDS.toNanos(5)));

        assertThat(a.fill(granted.lease(), "new", List.of("t"))).isEqualTo(FillOutcome.STORED);
        assertThat(((Lookup.Hit) TestNode.get(waiting).get(0)).value().value()).isEqualTo("new");
    }

    @Test
    void refresh_tagHolds_hasTheOldValueWithItsTags() {
        store("k", "old", "t");

        Lookup.Granted granted = (Lookup.Granted) a.lookup("k", REFRESH);

        assertThat(granted.current().value()).isEqualTo("old");
        assertThat(granted.current().tags()).containsExactly("t");
    }

    /** As an eviction would: nobody knows any more, so nothing counts until the next fill. */
    @Test
    void stamp_deletedGarbageOrOfAWrongType_voidsAndHeals() {
        String stamp = "{" + namespace + ":0}t:" + TestNode.CACHE + "/:t";
        String[][] faults = {
            {"DEL", stamp},
            {"SET", stamp, "x"},
            {"SET", stamp, "generation00"},
            {"SET", stamp, redis.command("HGET", "{" + namespace + ":0}m", "g").toString() + "x"},
            {"LPUSH", stamp, "x"}
        };
        for (String[] fault : faults) {
            store("k", "old", "t");
            redis.command("DEL", stamp);
            redis.command(fault);

            assertThat(b.lookup("k")).isInstanceOf(Lookup.Granted.class);
            redis.command("DEL", stamp);
            b.invalidate("k");
            store("k", "new", "t");
            assertThat(b.value("k")).isEqualTo("new");
            b.invalidate("k");
        }
    }

    /** A stamp made up again while an older value still stands, after an invalidation that found no stamp to move. */
    @Test
    void stamp_lostAndInvalidatedAndMadeUpAgain_theOldValueDoesNotComeBack() {
        store("k", "old", "t");
        redis.command("DEL", "{" + namespace + ":0}t:" + TestNode.CACHE + "/:t");
        b.invalidateTags("t");

        store("other", "new", "t");

        assertThat(b.value("other")).isEqualTo("new");
        assertThat(b.lookup("k")).isInstanceOf(Lookup.Granted.class);
    }

    @Test
    void lookup_batchInSeveralShards_hitsWhatHolds() {
        try (TestNode c = TestNode.start(
                        redis.uri(),
                        "sharded",
                        settings -> TestNode.patient(settings).shards(8));
                TestNode d = TestNode.start(
                        redis.uri(),
                        "sharded",
                        settings -> TestNode.patient(settings).shards(8))) {
            c.awaitTrust();
            d.awaitTrust();
            List<String> keys = IntStream.range(0, 120).mapToObj(i -> "k" + i).toList();
            List<FillRequest> fills = new ArrayList<>();
            long minute = Duration.ofMinutes(1).toNanos();
            List<Lookup> leases = c.lookupAll(keys, LookupRequest.READ);
            for (int i = 0; i < 120; i++) {
                List<String> tags = i % 3 == 0 ? List.of() : i % 3 == 1 ? List.of("x") : List.of("x", "y");
                fills.add(new FillRequest(((Lookup.Granted) leases.get(i)).lease(), "v" + i, minute, minute, tags));
            }
            assertThat(TestNode.get(c.cache.fill(fills))).containsOnly(FillOutcome.STORED);
            assertThat(d.lookupAll(keys, LookupRequest.READ)).allMatch(Lookup.Hit.class::isInstance);

            assertThat(c.invalidateTags("y")).isEqualTo(Delivery.DONE);

            List<Lookup> found = d.lookupAll(keys, LookupRequest.READ);
            for (int i = 0; i < 120; i++) {
                assertThat(found.get(i) instanceof Lookup.Hit).isEqualTo(i % 3 != 2);
            }
            await().atMost(TestNode.PATIENCE).until(() -> d.node.tags.size() == 8);
        }
    }

    /** What untagged hits cost is not touched by tags; tagged ones take one more MGET for the whole batch. */
    @Test
    void lookup_hits_readStampsOnlyForTaggedValues() {
        a.put("untagged", "v");
        store("one", "v", "s", "t");
        store("two", "v", "t");
        List<String> keys = List.of("untagged", "one", "two");

        assertThat(mgets(() -> b.lookup("untagged"))).isEqualTo(1);
        assertThat(mgets(() -> b.lookupAll(keys, LookupRequest.READ))).isEqualTo(2);
    }

    private long mgets(Runnable action) {
        redis.command("CONFIG", "RESETSTAT");
        action.run();
        String stats = redis.command("INFO", "commandstats").toString();
        return Long.parseLong(stats.replaceAll("(?s).*cmdstat_mget:calls=(\\d+).*", "$1"));
    }

    @Test
    void tags_ofAnyText_comeBackAsTheyWere() {
        List<String> tags = List.of("a|b", "\\", "\\N", "\uD83D\uDE00", "\uD800", "t".repeat(1000), "*", ":k", "ö");
        store("k", "v", tags.toArray(String[]::new));

        assertThat(((Lookup.Hit) b.lookup("k")).value().tags()).isEqualTo(tags);
        for (String tag : tags) {
            store("of " + tag, "v", tag);
            b.node.tags.clear();

            a.invalidateTags(tag);

            await().atMost(TestNode.PATIENCE).until(() -> b.node.tags.equals(List.of(tag)));
            assertThat(b.lookup("of " + tag)).isInstanceOf(Lookup.Granted.class);
        }
        assertThat(b.node.cleared.get()).isZero();
    }

    @Test
    void tags_tooManyOrTooLong_areUnstorable() {
        String[] many = IntStream.range(0, 65).mapToObj(i -> "t" + i).toArray(String[]::new);

        assertThat(a.fill(a.lease("k"), "v", List.of(many))).isEqualTo(FillOutcome.UNSTORABLE);
        assertThat(a.fill(a.lease("k"), "v", List.of("t".repeat(1025)))).isEqualTo(FillOutcome.UNSTORABLE);
        assertThat(a.write(a.announce("k"), "v", many)).isEqualTo(PutOutcome.INVALIDATED);

        await().atMost(TestNode.PATIENCE)
                .until(() -> a.events.contains(new RedisTierEvent.Unstorable(
                                TestNode.CACHE, "a value with 65 tags has more than the limit of 64"))
                        && a.events(RedisTierEvent.Unstorable.class) == 3);
        assertThat(b.lookup("k")).isInstanceOf(Lookup.Granted.class);
        assertThat(a.fill(a.lease("most"), "v", List.of(many).subList(1, 65))).isEqualTo(FillOutcome.STORED);
        assertThat(b.value("most")).isEqualTo("v");
    }

    @Test
    void invalidateTags_tooLong_isRefused() {
        assertThatThrownBy(() -> a.invalidateTags("t".repeat(1025)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a tag of 1025 bytes is longer than the limit of 1024: it begins with '" + "t".repeat(40)
                        + "'");
        assertThat(TestNode.get(a.tier.invalidateTags(TestNode.CACHE, List.of())))
                .isEqualTo(Delivery.DONE);
    }

    @Test
    void scriptFlush_isNotNoticed() {
        store("k", "v", "t");
        Intent intent = a.announce("l");
        redis.command("SCRIPT", "FLUSH");
        assertThat(a.write(intent, "v", "t")).isEqualTo(PutOutcome.STORED);
        redis.command("SCRIPT", "FLUSH");
        assertThat(b.announce("m")).isNotNull();
        redis.command("SCRIPT", "FLUSH");
        assertThat(b.invalidateTags("t")).isEqualTo(Delivery.DONE);
        assertThat(b.lookup("k")).isInstanceOf(Lookup.Granted.class);
        assertThat(b.lookup("l")).isInstanceOf(Lookup.Granted.class);
    }
}
