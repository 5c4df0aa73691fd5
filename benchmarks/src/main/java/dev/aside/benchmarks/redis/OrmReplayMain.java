package dev.aside.benchmarks.redis;

import dev.aside.cache.Cache;
import dev.aside.cache.CacheStats;
import dev.aside.cache.Caches;
import dev.aside.cache.InvalidationPendingException;
import dev.aside.cache.TtlPolicy;
import dev.aside.cache.redis.RedisTier;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;

/**
 * Replays the accesses of a real application through several nodes over one Redis, with writes in between, and prints
 * hit ratios, loads, and how old answers were. Ends with an error if one was older than promised. Options:
 * {@code --accesses=1000000 --writes=1} (percent) {@code --nodes=2 --local=5000} (entries in each process)
 * {@code --trace=<file>}.
 */
public final class OrmReplayMain {
    private static final Duration BOUND = Duration.ofSeconds(1);

    private final Options options;
    private final int[] keys;
    private final VersionedStore store = new VersionedStore(BOUND.toNanos());

    private final LongAdder pending = new LongAdder();

    private OrmReplayMain(Options options, int[] keys) {
        this.options = options;
        this.keys = keys;
    }

    /** Runs and prints. */
    public static void main(String[] args) throws Exception {
        Options options = Options.of(args);
        int[] keys = OrmTrace.read(options.text("trace", ""), options.number("accesses", 1_000_000));
        new OrmReplayMain(options, keys).run();
    }

    private record Node(Caches caches, Cache<Integer, Long> cache) {}

    private Node node(String uri) {
        Caches caches = Caches.builder()
                .remote(RedisTier.builder()
                        .uri(uri)
                        .namespace("orm")
                        .staleBound(BOUND)
                        .startup(RedisTier.Startup.FAIL_FAST)
                        .build())
                .policy(TtlPolicy.named("orm")
                        .ttl(Duration.ofHours(1))
                        .localTtl(Duration.ofMinutes(10))
                        .maximumSize(options.number("local", 5_000))
                        .build())
                .build();
        return new Node(caches, caches.cache("orm", Integer.class, Long.class, "orm"));
    }

    private void run() throws Exception {
        int count = options.number("nodes", 2);
        List<Node> nodes = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try (RedisServer redis = RedisServer.start()) {
            for (int i = 0; i < count; i++) {
                nodes.add(node(redis.uri()));
            }
            long start = System.nanoTime();
            List<Future<Long>> running = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int first = i;
                running.add(threads.submit(() -> replay(nodes.get(first), first, count)));
            }
            long writes = 0;
            for (Future<Long> done : running) {
                writes += done.get();
            }
            print(nodes, writes, System.nanoTime() - start);
            nodes.forEach(node -> node.caches().close());
        } finally {
            threads.shutdown();
        }
        if (store.violations() > 0) {
            throw new IllegalStateException(store.violations() + " reads were older than promised");
        }
    }

    /** A node takes its share of the accesses in their order; keys are written by the node that comes across them. */
    private long replay(Node node, int first, int step) {
        int every = options.number("writes", 1) == 0 ? Integer.MAX_VALUE : 100 / options.number("writes", 1);
        long writes = 0;
        for (int i = first, own = 1; i < keys.length; i += step, own++) {
            int key = keys[i];
            if (own % every == 0) {
                long version = store.write(key);
                try {
                    node.cache().invalidate(key);
                    store.invalidated(key, version);
                } catch (InvalidationPendingException e) { // Redis took too long: the promise counts from the delivery
                    pending.increment();
                }
                writes++;
            } else {
                long beganAt = System.nanoTime();
                Long version = node.cache().get(key, store::load);
                store.check(key, version == null ? 0 : version, beganAt);
            }
        }
        return writes;
    }

    @SuppressWarnings("SystemOut") // its output is what it is for
    private void print(List<Node> nodes, long writes, long nanos) {
        System.out.printf(
                Locale.ROOT,
                "orm-busy, first %d accesses through %d nodes, %d entries in each process, %d writes (%d reported as pending),"
                        + " %.1f s%n",
                keys.length,
                nodes.size(),
                options.number("local", 5_000),
                writes,
                pending.sum(),
                nanos / 1e9);
        for (int i = 0; i < nodes.size(); i++) {
            CacheStats stats = nodes.get(i).cache().stats();
            System.out.printf(
                    Locale.ROOT,
                    "node %d: reads %d, process %.4f, Redis %.4f (of what the process missed %.4f), loads %d, refused %d%n",
                    i + 1,
                    stats.reads(),
                    (double) stats.localHits() / stats.reads(),
                    (double) stats.remoteHits() / stats.reads(),
                    (double) stats.remoteHits() / (stats.remoteHits() + stats.loads()),
                    stats.loads(),
                    stats.fillsRefused());
        }
        System.out.printf(
                Locale.ROOT,
                "reads checked %d, old within the bound %d (oldest %.1f ms), older than the bound of %d ms: %d%n",
                store.reads(),
                store.oldReads(),
                store.oldestNanos() / 1e6,
                BOUND.toMillis(),
                store.violations());
    }
}
