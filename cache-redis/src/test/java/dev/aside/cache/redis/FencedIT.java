package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aside.cache.Cache;
import dev.aside.cache.Caches;
import dev.aside.cache.FencedWriteRefusedException;
import dev.aside.cache.InvalidationPendingException;
import dev.aside.cache.TtlPolicy;
import dev.aside.cache.annotation.CacheInvalidate;
import dev.aside.cache.annotation.Cached;
import dev.aside.cache.annotation.Fenced;
import dev.aside.testkit.FaultProxy;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whole nodes, a database, and writers that die: with a fence, and without one. */
class FencedIT {
    private static final Duration TTL = Duration.ofSeconds(6);

    interface Products {
        @Cached(name = "product", key = "sku", policy = "short")
        String find(String sku);

        @CacheInvalidate(name = "product", key = "sku", fenced = Fenced.REQUIRED)
        void writeFenced(String sku, String value);

        @CacheInvalidate(name = "product", key = "sku")
        void write(String sku, String value);
    }

    /** The database: what is committed, and hooks to stop it in the middle. */
    private final class Database implements Products {
        volatile Runnable afterRead = () -> {};
        volatile Runnable beforeCommit = () -> {};
        volatile Runnable afterCommit = () -> {};
        final AtomicInteger writes = new AtomicInteger();

        @Override
        public String find(String sku) {
            String value = rows.get(sku);
            afterRead.run();
            return value;
        }

        @Override
        public void writeFenced(String sku, String value) {
            write(sku, value);
        }

        @Override
        public void write(String sku, String value) {
            writes.incrementAndGet();
            beforeCommit.run();
            rows.put(sku, value);
            afterCommit.run();
        }
    }

    private final Map<String, String> rows = new ConcurrentHashMap<>();
    private final Database writersView = new Database();
    private final Database readersView = new Database();
    private RedisServer redis;
    private FaultProxy proxy;
    private Caches writer;
    private Caches reader;
    private Products writing;
    private Products reading;

    @BeforeEach
    void start() {
        redis = RedisServer.builder().start();
        proxy = FaultProxy.to(redis.host(), redis.port());
        writer = node(proxy.through(redis.uri()));
        reader = node(redis.uri());
        writing = writer.proxy(Products.class, writersView);
        reading = reader.proxy(Products.class, readersView);
        rows.put("k", "old");
    }

    @AfterEach
    void stop() {
        writer.close();
        reader.close();
        proxy.close();
        redis.close();
    }

    private static Caches node(String uri) {
        return Caches.builder()
                .policy(TtlPolicy.named("short").ttl(TTL).jitter(0).build())
                .policy(TtlPolicy.named("tagging")
                        .tagsFrom(value -> List.of("all"))
                        .build())
                .remote(RedisTier.builder()
                        .uri(uri)
                        .namespace("fenced")
                        .writeGuard(Duration.ofSeconds(2))
                        .build())
                .build();
    }

    /** The process is gone: nothing it would still have done happens. */
    private void die() {
        proxy.refuse();
        writer.close();
    }

    /** A reader that has read the old row and is then held up until told to go on. */
    private CompletableFuture<String> slowRead(CountDownLatch hasRead, CountDownLatch goOn) {
        readersView.afterRead = () -> {
            hasRead.countDown();
            awaitDone(goOn);
        };
        return CompletableFuture.supplyAsync(() -> reading.find("k"));
    }

    private static void awaitDone(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void writerDies_betweenCommitAndInvalidation_nothingOldIsKept() {
        assertThat(reading.find("k")).isEqualTo("old");
        CountDownLatch hasRead = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<CompletableFuture<String>> reads = new CopyOnWriteArrayList<>();
        // the write is announced; a reader reads the old row; the write commits, and its process dies
        writersView.beforeCommit = () -> {
            // until the log has told it, the reader may serve what it holds
            await().atMost(TestNode.PATIENCE).until(() -> held("k") == null);
            reads.add(slowRead(hasRead, goOn));
            awaitDone(hasRead);
        };
        writersView.afterCommit = this::die;
        assertThatThrownBy(() -> writing.writeFenced("k", "new")).hasMessageContaining("is closed");
        readersView.afterRead = () -> {};
        goOn.countDown();

        assertThat(reads.get(0).join()).isEqualTo("old"); // began before the commit
        for (int i = 0; i < 100; i++) {
            assertThat(reading.find("k")).isEqualTo("new");
        }
        try (Caches another = node(redis.uri())) {
            assertThat(another.proxy(Products.class, readersView).find("k")).isEqualTo("new");
        }
        // and once the guard is over, loads are kept again
        await().atMost(TestNode.PATIENCE).until(() -> {
            reading.find("k");
            return held("k") != null;
        });
        assertThat(reading.find("k")).isEqualTo("new");
    }

    /** What the fence is for: without it the old value is served until its time is over, and no longer. */
    @Test
    void writerDies_withoutAFence_oldValueIsBoundedByItsTtl() {
        assertThat(reading.find("k")).isEqualTo("old");
        writersView.afterCommit = this::die;
        assertThatThrownBy(() -> writing.write("k", "new")).hasMessageContaining("is closed");

        assertThat(reading.find("k")).isEqualTo("old");

        await().atMost(TTL.plusSeconds(2)).until(() -> reading.find("k").equals("new"));
    }

    @Test
    void write_fenceCannotBePlaced_isRefusedBeforeItBegins() {
        proxy.refuse();
        // whether or not the writer has noticed yet
        assertThatThrownBy(() -> writing.writeFenced("k", "new")).isInstanceOf(FencedWriteRefusedException.class);
        assertThatThrownBy(() -> writing.writeFenced("k", "new")).isInstanceOf(FencedWriteRefusedException.class);

        assertThat(writersView.writes.get()).isZero();
        assertThat(reading.find("k")).isEqualTo("old");
    }

    @Test
    void write_fenced_isSeenByOthers() {
        assertThat(reading.find("k")).isEqualTo("old");

        writing.writeFenced("k", "new");

        await().atMost(TestNode.PATIENCE).until(() -> reading.find("k").equals("new"));
    }

    /** Two nodes write through the cache at the same time, again and again: no order of events leaves a wrong value. */
    @Test
    void writeThrough_twoNodesAtOnce_noValueIsStuck() throws Exception {
        Cache<String, String> here = writer.cache("raced", String.class, String.class);
        Cache<String, String> there = reader.cache("raced", String.class, String.class);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        Random random = new Random(7);
        try {
            for (int round = 0; round < 300; round++) {
                String key = "r" + round;
                CyclicBarrier start = new CyclicBarrier(3);
                int[] pauses = random.ints(3, 0, 100_000).toArray(); // from overlapping to one after the other
                Future<?> one = threads.submit(() -> write(here, key, "one", start, pauses[0]));
                Future<?> two = threads.submit(() -> write(there, key, "two", start, pauses[1]));
                Future<?> three = threads.submit(() -> {
                    start.await();
                    spin(pauses[2]);
                    return there.get(key, rows::get);
                });
                one.get(10, TimeUnit.SECONDS);
                two.get(10, TimeUnit.SECONDS);
                three.get(10, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdown();
        }
        await().atMost(TestNode.PATIENCE).untilAsserted(() -> {
            for (int round = 0; round < 300; round++) {
                String key = "r" + round;
                assertThat(here.get(key, rows::get)).isEqualTo(rows.get(key));
                assertThat(there.get(key, rows::get)).isEqualTo(rows.get(key));
            }
        });
        assertThat(here.stats().puts() + there.stats().puts()).isPositive();
    }

    /** Loads on both nodes and invalidations of their values' tag at the same time: no order leaves an old value. */
    @Test
    void invalidateTag_whileBothNodesLoad_noValueIsStuck() throws Exception {
        Cache<String, String> here = writer.cache("tagged", String.class, String.class, "tagging");
        Cache<String, String> there = reader.cache("tagged", String.class, String.class, "tagging");
        ExecutorService threads = Executors.newFixedThreadPool(3);
        Random random = new Random(8);
        try {
            for (int round = 0; round < 200; round++) {
                String key = "t" + round;
                rows.put(key, "old");
                CyclicBarrier start = new CyclicBarrier(3);
                int[] pauses = random.ints(3, 0, 50_000).toArray();
                Future<?> one = threads.submit(() -> load(here, key, start, pauses[0]));
                Future<?> two = threads.submit(() -> load(there, key, start, pauses[1]));
                Future<?> three = threads.submit(() -> {
                    start.await();
                    spin(pauses[2]);
                    rows.put(key, "new");
                    orLater(() -> here.invalidateTag("all"));
                    return null;
                });
                one.get(10, TimeUnit.SECONDS);
                two.get(10, TimeUnit.SECONDS);
                three.get(10, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdown();
        }
        await().atMost(Duration.ofSeconds(3)).untilAsserted(() -> {
            for (int round = 0; round < 200; round++) {
                String key = "t" + round;
                assertThat(here.get(key, rows::get)).isEqualTo("new");
                assertThat(there.get(key, rows::get)).isEqualTo("new");
            }
        });
    }

    private Object load(Cache<String, String> cache, String key, CyclicBarrier start, int pause) throws Exception {
        start.await();
        return cache.get(key, same -> {
            String value = rows.get(same);
            spin(pause);
            return value;
        });
    }

    private Object write(Cache<String, String> cache, String key, String value, CyclicBarrier start, int pause)
            throws Exception {
        start.await();
        spin(pause);
        try {
            return cache.writeThrough(key, () -> {
                spin(1000);
                rows.put(key, value);
                spin(1000);
                return value;
            });
        } catch (InvalidationPendingException e) {
            return value; // a busy machine: the write stands, and its invalidation comes later
        }
    }

    /** What the reader's process holds. */
    private String held(String key) {
        return reader.cache("product", String.class, String.class, "short").peek(key);
    }

    private static void orLater(Runnable invalidation) {
        try {
            invalidation.run();
        } catch (InvalidationPendingException e) {
            spin(1); // a busy machine: it comes later
        }
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }

    /** When it has returned nobody serves the old value, in whatever state the reader's connections are. */
    @Test
    void invalidateAndWait_returned_noNodeServesTheOldValue() {
        Cache<String, String> here = reader.cache("waited", String.class, String.class);
        Cache<String, String> there = writer.cache("waited", String.class, String.class); // behind the proxy
        Runnable[] networks = {
            proxy::pass,
            () -> proxy.delay(FaultProxy.Direction.TO_CLIENT, Duration.ofMillis(150)),
            () -> proxy.blackHole(FaultProxy.Direction.TO_CLIENT),
            proxy::pass,
            proxy::blackHole,
            proxy::refuse
        };
        for (int round = 0; round < networks.length; round++) {
            String value = "v" + round;
            rows.put("w", value);
            here.invalidate("w");
            await().atMost(TestNode.PATIENCE).until(() -> value.equals(there.get("w", rows::get)));
            networks[round].run();

            rows.put("w", "after " + value);
            here.invalidateAndWait(List.of("w"));

            assertThat(there.get("w", rows::get)).isEqualTo("after " + value);
            assertThat(here.get("w", rows::get)).isEqualTo("after " + value);
        }
    }
}
