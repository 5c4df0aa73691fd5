package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.cache.redis.RedisTierEvent.EventsDropped;
import dev.aside.cache.redis.RedisTierEvent.Invalidated;
import dev.aside.cache.redis.RedisTierEvent.InvalidatedAll;
import dev.aside.testkit.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Users' code that watches invalidations arrive: it sees all of them, and can hold up nothing. */
class ObserverIT {
    private final String namespace = UUID.randomUUID().toString();
    private final RedisServer redis = RedisServer.shared();
    private final List<TestNode> nodes = new ArrayList<>();

    /** Asks for invalidations. */
    private record Observer(Consumer<RedisTierEvent> action) implements RedisTierListener {
        @Override
        public void on(RedisTierEvent event) {
            action.accept(event);
        }

        @Override
        public boolean wantsInvalidations() {
            return true;
        }
    }

    private TestNode node(RedisTierListener... listeners) {
        TestNode node = TestNode.start(redis.uri(), namespace, settings -> {
            for (RedisTierListener listener : listeners) {
                settings.listener(listener);
            }
            return settings;
        });
        nodes.add(node);
        return node.awaitTrust();
    }

    @AfterEach
    void stop() {
        nodes.forEach(TestNode::close);
    }

    private static List<RedisTierEvent> invalidations(List<RedisTierEvent> events) {
        return events.stream()
                .filter(event -> event instanceof Invalidated || event instanceof InvalidatedAll)
                .toList();
    }

    @Test
    void invalidations_ownAndForeign_areSeenInOrderByWhoAsks() {
        List<RedisTierEvent> seen = new CopyOnWriteArrayList<>();
        TestNode watched = node(new Observer(seen::add));
        TestNode other = node();

        watched.invalidate("mine");
        other.invalidate("theirs");
        TestNode.get(other.tier.clear(TestNode.CACHE));
        TestNode.get(watched.tier.clear(TestNode.CACHE));

        await().atMost(TestNode.PATIENCE)
                .untilAsserted(() -> assertThat(invalidations(seen))
                        .containsExactly(
                                new Invalidated(TestNode.CACHE, "mine", true),
                                new Invalidated(TestNode.CACHE, "theirs", false),
                                new InvalidatedAll(TestNode.CACHE, false),
                                new InvalidatedAll(TestNode.CACHE, true)));
        assertThat(invalidations(watched.events)).isEmpty(); // its other listener did not ask
    }

    @Test
    void invalidations_ofLongKeys_areSeenByKeyWhereItIsKnown() {
        List<RedisTierEvent> knows = new CopyOnWriteArrayList<>();
        List<RedisTierEvent> doesNot = new CopyOnWriteArrayList<>();
        TestNode watched = node(new Observer(knows::add));
        node(new Observer(doesNot::add));
        String key = "long ".repeat(300);
        watched.lookup(key);

        watched.invalidate(key);

        await().atMost(TestNode.PATIENCE)
                .untilAsserted(() ->
                        assertThat(invalidations(knows)).containsExactly(new Invalidated(TestNode.CACHE, key, true)));
        await().atMost(TestNode.PATIENCE)
                .untilAsserted(() -> assertThat(invalidations(doesNot))
                        .containsExactly(new Invalidated(TestNode.CACHE, null, false)));
    }

    @Test
    void listener_thatBlocks_delaysNobodyAndIsToldWhatItMissed() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        AtomicInteger slow = new AtomicInteger();
        AtomicLong told = new AtomicLong();
        AtomicInteger quick = new AtomicInteger();
        TestNode watched = node(
                new Observer(event -> {
                    blocked.countDown();
                    waitFor(release);
                    if (event instanceof EventsDropped dropped) {
                        told.addAndGet(dropped.count());
                    } else if (event instanceof Invalidated) {
                        slow.incrementAndGet();
                    }
                }),
                new Observer(event -> quick.addAndGet(event instanceof Invalidated ? 1 : 0)));
        TestNode writer = node();
        assertThat(blocked.await(10, TimeUnit.SECONDS)).isTrue();
        int more = Events.QUEUE + 1000;

        for (int sent = 0; sent < more; sent += 512) {
            int from = sent;
            int to = Math.min(more, sent + 512);
            writer.invalidate(IntStream.range(from, to).mapToObj(i -> "k" + i).toArray());
            await().atMost(TestNode.PATIENCE).until(() -> watched.node.invalidated.size() == to && quick.get() == to);
        }

        assertThat(watched.tier.stats().log().gaps()).isZero();
        long dropped = watched.tier.stats().listeners().dropped();
        assertThat(dropped).isGreaterThanOrEqualTo(900);
        assertThat(slow).hasValue(0);

        release.countDown();
        await().atMost(TestNode.PATIENCE).until(() -> slow.get() >= Events.QUEUE - 100);
        writer.invalidate("last");

        await().atMost(TestNode.PATIENCE).until(() -> slow.get() + told.get() >= more + 1);
        assertThat(told.get())
                .isEqualTo(watched.tier.stats().listeners().dropped())
                .isGreaterThanOrEqualTo(dropped);
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void listener_thatThrows_isLoggedOnceWithoutTheKeyAndGoesOn() {
        List<LogRecord> logged = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                if (record.getMessage().contains("the listener")) {
                    logged.add(record);
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(RedisTier.class.getName());
        logger.addHandler(handler);
        try {
            List<RedisTierEvent> beside = new CopyOnWriteArrayList<>();
            TestNode watched = node(
                    new Observer(event -> {
                        if (event instanceof Invalidated) {
                            throw new AssertionError("thrown by a listener");
                        }
                    }),
                    new Observer(beside::add));

            watched.invalidate("secret", "secret2", "secret3");

            await().atMost(TestNode.PATIENCE)
                    .until(() -> watched.tier.stats().listeners().failures() == 3
                            && invalidations(beside).size() == 3);
            assertThat(watched.node.invalidated).hasSize(3);
            assertThat(logged).hasSize(1);
            assertThat(logged.get(0).getMessage())
                    .isEqualTo("the listener " + Observer.class.getName()
                            + " threw at Invalidated; what it throws from now on is only counted");
        } finally {
            logger.removeHandler(handler);
        }
    }
}
