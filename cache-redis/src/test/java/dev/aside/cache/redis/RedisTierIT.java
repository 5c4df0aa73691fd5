package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aside.cache.spi.CacheSpec;
import dev.aside.cache.spi.Delivery;
import dev.aside.cache.spi.FillOutcome;
import dev.aside.cache.spi.FillRequest;
import dev.aside.cache.spi.Lease;
import dev.aside.cache.spi.Lookup;
import dev.aside.cache.spi.LookupRequest;
import dev.aside.cache.spi.RemoteValue;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes on one healthy Redis, as an engine sees them. */
class RedisTierIT {
    private final String namespace = UUID.randomUUID().toString();
    private TestNode a;
    private TestNode b;

    @BeforeEach
    void start() {
        String uri = RedisServer.shared().uri();
        a = TestNode.start(uri, namespace).awaitTrust();
        b = TestNode.start(uri, namespace).awaitTrust();
    }

    @AfterEach
    void stop() {
        a.close();
        b.close();
    }

    /** A writer in a hurry costs Redis one answer in three milliseconds for each node, not one for each entry. */
    @Test
    void log_entriesInQuickSuccession_areFetchedTogether() {
        try (RedisServer redis = RedisServer.builder().start();
                TestNode writer = TestNode.start(redis.uri(), "busy");
                TestNode reader = TestNode.start(redis.uri(), "busy")) {
            writer.awaitTrust();
            reader.awaitTrust();
            redis.resetCommandCalls();
            long start = System.nanoTime();

            IntStream.range(0, 3000).forEach(i -> writer.invalidate("k" + i));
            await().atMost(TestNode.PATIENCE).until(() -> reader.node.invalidated.size() == 3000);

            long millis = (System.nanoTime() - start) / 1_000_000;
            assertThat(redis.commandCalls().getOrDefault("xread", 0L)).isLessThan(millis + 50);
        }
    }

    @Test
    void lookup_storedByAnotherNode_hits() {
        assertThat(a.fill(a.lease("k"), "v", Duration.ofSeconds(10), Duration.ofSeconds(30)))
                .isEqualTo(FillOutcome.STORED);

        RemoteValue value = ((Lookup.Hit) b.lookup("k")).value();

        assertThat(value.value()).isEqualTo("v");
        assertThat(Duration.ofNanos(value.freshNanos())).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
        assertThat(Duration.ofNanos(value.keepNanos())).isBetween(Duration.ofSeconds(25), Duration.ofSeconds(30));
        assertThat(value.ageNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(10) - value.freshNanos());
    }

    @Test
    void lookup_absenceStored_hitsNull() {
        a.put("k", null);

        assertThat(b.value("k")).isNull();
    }

    @Test
    void lookup_leaseHeldElsewhere_isBusy() {
        a.lease("k");

        assertThat(b.lookup("k")).isEqualTo(new Lookup.Denied(Lookup.Reason.BUSY, null));
    }

    @Test
    void lookup_waits_hitsWhatTheOtherLoads() {
        Lease lease = a.lease("k");
        var waiting = b.cache.lookup(List.of("k"), new LookupRequest(0, TimeUnit.SECONDS.toNanos(5)));
        assertThat(waiting.toCompletableFuture()).isNotDone();

        a.fill(lease, "v");

        assertThat(((Lookup.Hit) TestNode.get(waiting).get(0)).value().value()).isEqualTo("v");
    }

    @Test
    void lookup_waitRunsOut_isBusy() {
        a.lease("k");

        Lookup answer = b.lookup("k", new LookupRequest(0, TimeUnit.MILLISECONDS.toNanos(60)));

        assertThat(answer).isEqualTo(new Lookup.Denied(Lookup.Reason.BUSY, null));
    }

    @Test
    void lookup_leaseReleasedWhileWaiting_isGranted() {
        Lease lease = a.lease("k");
        var waiting = b.cache.lookup(List.of("k"), new LookupRequest(0, TimeUnit.SECONDS.toNanos(5)));

        a.cache.release(List.of(lease));

        assertThat(TestNode.get(waiting).get(0)).isInstanceOf(Lookup.Granted.class);
    }

    @Test
    void lookup_batch_holdsOneLease_doesNotWaitForAnother() {
        a.lease("busy");

        List<Lookup> answers = b.lookupAll(List.of("busy", "free"), new LookupRequest(0, Long.MAX_VALUE / 2));

        assertThat(answers.get(0)).isEqualTo(new Lookup.Denied(Lookup.Reason.BUSY, null));
        assertThat(answers.get(1)).isInstanceOf(Lookup.Granted.class);
    }

    @Test
    void lookup_hundredKeys_areLeasedFilledAndHit() {
        List<String> keys = IntStream.range(0, 100).mapToObj(Integer::toString).toList();
        List<Lookup> answers = a.lookupAll(keys, LookupRequest.READ);
        TestNode.get(a.cache.fill(answers.stream()
                .map(answer ->
                        new FillRequest(((Lookup.Granted) answer).lease(), "v", 60_000_000_000L, 60_000_000_000L))
                .toList()));

        assertThat(b.lookupAll(keys, LookupRequest.READ)).allMatch(Lookup.Hit.class::isInstance);
    }

    @Test
    void refresh_liveValue_staysReadableWhileItIsLoadedAnew() {
        a.put("k", "old");
        LookupRequest refresh = new LookupRequest(Long.MAX_VALUE, 0);

        Lookup.Granted granted = (Lookup.Granted) a.lookup("k", refresh);
        assertThat(granted.current().value()).isEqualTo("old");
        assertThat(b.value("k")).isEqualTo("old");
        Lookup.Denied denied = (Lookup.Denied) b.lookup("k", refresh);
        assertThat(denied.reason()).isEqualTo(Lookup.Reason.BUSY);
        assertThat(denied.current().value()).isEqualTo("old");

        assertThat(a.fill(granted.lease(), "new")).isEqualTo(FillOutcome.STORED);
        assertThat(b.value("k")).isEqualTo("new");
    }

    @Test
    void lookup_staleValueThatOthersLoad_isWaitedForUnlessItCanBeServed() {
        a.fill(a.lease("k"), "old", Duration.ofMillis(1), Duration.ofMinutes(1));
        Lookup.Granted granted = (Lookup.Granted)
                await().atMost(TestNode.PATIENCE).until(() -> a.lookup("k"), Lookup.Granted.class::isInstance);
        assertThat(granted.current().freshNanos()).isNotPositive();

        Lookup.Denied atOnce = (Lookup.Denied) b.lookup("k", new LookupRequest(0, TimeUnit.HOURS.toNanos(1)));
        assertThat(atOnce.current().value()).isEqualTo("old");
        var waiting = b.cache.lookup(List.of("k"), new LookupRequest(0, TimeUnit.SECONDS.toNanos(5), 0));
        assertThat(waiting.toCompletableFuture()).isNotDone();

        a.fill(granted.lease(), "new");
        assertThat(((Lookup.Hit) TestNode.get(waiting).get(0)).value().value()).isEqualTo("new");
    }

    @Test
    void lookup_withAnExecutor_restoresValuesThere() {
        record Noted(String text) {
            private static final List<String> THREADS = new CopyOnWriteArrayList<>();

            Noted {
                THREADS.add(Thread.currentThread().getName());
            }
        }
        CacheSpec spec = new CacheSpec("noted", List.of(String.class), Noted.class);
        try (TestNode c = TestNode.start(RedisServer.shared().uri(), namespace, spec, settings -> settings)) {
            c.awaitUsable().put("k", new Noted("v"));
            Noted.THREADS.clear();
            BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

            var hit =
                    c.cache.lookup(List.of("k"), LookupRequest.READ, tasks::add).toCompletableFuture();
            await().atMost(TestNode.PATIENCE).until(() -> !tasks.isEmpty());
            assertThat(hit).isNotDone();
            tasks.remove().run();

            assertThat(hit).isCompletedWithValueMatching(answers -> answers.get(0) instanceof Lookup.Hit);
            assertThat(Noted.THREADS).containsExactly(Thread.currentThread().getName());
            Noted.THREADS.clear();
            assertThat(c.value("k")).isEqualTo(new Noted("v"));
            assertThat(Noted.THREADS).first().asString().startsWith("aside-redis-codec-");
        }
    }

    @Test
    void refresh_released_canBeClaimedAgain() {
        a.put("k", "old");
        LookupRequest refresh = new LookupRequest(Long.MAX_VALUE, 0);
        Lookup.Granted granted = (Lookup.Granted) a.lookup("k", refresh);

        a.cache.release(List.of(granted.lease()));

        // a release is not waited for, and b has a connection of its own
        await().atMost(TestNode.PATIENCE).until(() -> b.lookup("k", refresh) instanceof Lookup.Granted);
        assertThat(a.fill(granted.lease(), "late")).isEqualTo(FillOutcome.REFUSED);
    }

    @Test
    void invalidate_valueStored_isGoneAndToldToAllNodes() {
        a.put("k", "v");

        assertThat(b.invalidate("k")).isEqualTo(Delivery.DONE);

        assertThat(a.lookup("k")).isInstanceOf(Lookup.Granted.class);
        await().atMost(TestNode.PATIENCE).until(() -> a.node.invalidated.equals(List.of("k")));
        await().atMost(TestNode.PATIENCE).until(() -> b.node.invalidated.equals(List.of("k")));
    }

    @Test
    void invalidate_nothingStored_isToldAllTheSame() {
        assertThat(b.invalidate("k")).isEqualTo(Delivery.DONE);

        await().atMost(TestNode.PATIENCE).until(() -> a.node.invalidated.equals(List.of("k")));
    }

    /** T1a, T2a: the reader leases, somebody invalidates, the reader's load ends. */
    @Test
    void invalidate_betweenLeaseAndFill_refusesTheFill() {
        for (int i = 0; i < 100; i++) {
            Lease lease = a.lease("k" + i);
            TestNode writer = i % 2 == 0 ? a : b;
            writer.invalidate("k" + i);

            assertThat(a.fill(lease, "old")).isEqualTo(FillOutcome.REFUSED);
            assertThat(b.lookup("k" + i)).isInstanceOf(Lookup.Granted.class);
        }
    }

    @Test
    void invalidate_betweenRefreshAndFill_refusesTheFill() {
        a.put("k", "old");
        Lookup.Granted granted = (Lookup.Granted) a.lookup("k", new LookupRequest(Long.MAX_VALUE, 0));

        b.invalidate("k");

        assertThat(a.fill(granted.lease(), "older")).isEqualTo(FillOutcome.REFUSED);
    }

    @Test
    void clear_valuesAndLeases_areVoid() {
        a.put("k", "v");
        Lease lease = a.lease("other");

        assertThat(TestNode.get(b.tier.clear(TestNode.CACHE))).isEqualTo(Delivery.DONE);

        assertThat(b.lookup("k")).isInstanceOf(Lookup.Granted.class);
        assertThat(b.lookup("other")).isInstanceOf(Lookup.Granted.class);
        assertThat(a.fill(lease, "old")).isEqualTo(FillOutcome.REFUSED);
        await().atMost(TestNode.PATIENCE).until(() -> a.node.cleared.get() == 1);
    }

    @Test
    void lease_longLoad_isRenewed() {
        try (TestNode slow = TestNode.start(
                RedisServer.shared().uri(), namespace, settings -> settings.lease(Duration.ofMillis(200)))) {
            Lease lease = slow.awaitUsable().lease("k");
            await().atMost(TestNode.PATIENCE)
                    .during(Duration.ofMillis(700))
                    .until(() -> b.lookup("k").equals(new Lookup.Denied(Lookup.Reason.BUSY, null)));

            assertThat(slow.fill(lease, "v")).isEqualTo(FillOutcome.STORED);
        }
    }

    @Test
    void lease_beyondItsLimit_isGivenToAnother() {
        try (TestNode dead = TestNode.start(
                RedisServer.shared().uri(),
                namespace,
                settings -> settings.lease(Duration.ofMillis(150)).leaseLimit(Duration.ofMillis(150)))) {
            Lease lease = dead.awaitUsable().lease("k");

            Lookup answer = b.lookup("k", new LookupRequest(0, TimeUnit.SECONDS.toNanos(5)));

            assertThat(answer).isInstanceOf(Lookup.Granted.class);
            assertThat(dead.fill(lease, "late")).isEqualTo(FillOutcome.REFUSED);
        }
    }

    @Test
    void close_leavesNoThread() {
        try (TestNode other = TestNode.start(RedisServer.shared().uri(), "closing")) {
            other.awaitTrust().put("k", "v");
            assertThat(threads("closing")).isNotEmpty();
        }
        a.close();
        b.close();

        await().atMost(TestNode.PATIENCE)
                .until(() -> threads("closing").isEmpty() && threads("lettuce").isEmpty());
        assertThat(a.lookup("k")).isEqualTo(new Lookup.Denied(Lookup.Reason.UNAVAILABLE, null));
    }

    @Test
    void start_otherNumberOfShards_isRefused() {
        assertThatThrownBy(() -> TestNode.start(RedisServer.shared().uri(), namespace, settings -> settings.shards(4)))
                .isInstanceOfSatisfying(
                        RedisStartException.OtherLayout.class,
                        e -> assertThat(e.shards()).isEqualTo(1))
                .hasMessageEndingWith("is laid out in 1 shards, but this node is configured for 4; give"
                        + " RedisTier.builder().shards(1) or another namespace");
    }

    @Test
    void open_typesThatCannotBeKept_areRefusedWithCacheAndType() {
        CacheSpec spec = new CacheSpec("odd", List.of(String.class), Object.class);

        assertThatThrownBy(() -> a.tier.open(spec, new RecordingNode()))
                .hasMessageStartingWith("cache 'odd' cannot be kept in Redis: java.lang.Object says nothing");
    }

    /** Another node invalidates without a pause: the reader keeps up and is trusted all the time. */
    @Test
    void invalidations_steadyStream_trustHolds() {
        for (int round = 0; round < 40; round++) {
            List<CompletionStage<Delivery>> sent = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                sent.add(b.tier.invalidate(TestNode.CACHE, List.of("k" + round + '-' + i)));
            }
            sent.forEach(TestNode::get);
            assertThat(a.trusted()).isTrue();
        }
        // one that timed out on a busy machine comes twice
        await().atMost(TestNode.PATIENCE).until(() -> new HashSet<>(a.node.invalidated).size() == 4000);
        assertThat(a.node.cleared.get()).isZero();
        assertThat(a.events(RedisTierEvent.Gap.class)).isZero();
    }

    private static List<String> threads(String part) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains(part))
                .toList();
    }
}
