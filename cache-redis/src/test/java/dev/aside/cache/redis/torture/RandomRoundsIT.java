package dev.aside.cache.redis.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.Cache;
import dev.aside.cache.Caches;
import dev.aside.cache.TtlPolicy;
import dev.aside.cache.redis.RedisTier;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Readers and writers of one key on three nodes, all at once, for many keys: afterwards nobody has an old value. 20,000
 * keys under {@code -Ptorture}, a quarter of that otherwise.
 */
class RandomRoundsIT {
    private static final int ROUNDS = Long.getLong("torture.minutes", 0) > 0 ? 20_000 : 5_000;
    private static final int NODES = 3;
    private static final int THREADS = 16;
    private static final long SEED = 20260;

    private final VersionedStore store = new VersionedStore();

    @Test
    void rounds_threeNodes_leaveNothingStale() throws Exception {
        List<Caches> nodes = new ArrayList<>();
        List<Cache<String, Item>> caches = new ArrayList<>();
        TtlPolicy policy = TtlPolicy.named("rounds")
                .ttl(Duration.ofMinutes(10))
                .maximumSize(10L * ROUNDS)
                .build();
        for (int i = 0; i < NODES; i++) {
            Caches node = Caches.builder()
                    .remote(RedisTier.builder()
                            .uri(RedisServer.shared().uri())
                            .namespace("rounds")
                            .build())
                    .policy(policy)
                    .build();
            nodes.add(node);
            caches.add(node.cache("c", String.class, Item.class, "rounds"));
        }
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            Random random = new Random(SEED);
            List<Callable<Void>> actors = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                String key = "k" + round;
                for (int i = 0; i < 5; i++) {
                    actors.add(actor(caches.get(random.nextInt(NODES)), key, i < 3, random.nextInt(60)));
                }
            }
            run(threads, actors);
            World.pause(TortureNode.BOUND);
            AtomicInteger stale = new AtomicInteger();
            List<Callable<Void>> checks = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                String key = "k" + round;
                for (Cache<String, Item> cache : caches) {
                    checks.add(() -> {
                        if (cache.get(key, this::load).version() != store.version(key)) {
                            stale.incrementAndGet();
                        }
                        return null;
                    });
                }
            }
            run(threads, checks);
            assertThat(stale.get())
                    .as("stale keys of %d, seed %d", ROUNDS, SEED)
                    .isZero();
        } finally {
            threads.shutdownNow();
            nodes.forEach(Caches::close);
        }
    }

    private static void run(ExecutorService threads, List<Callable<Void>> tasks) throws Exception {
        for (Future<Void> one : threads.invokeAll(tasks)) {
            one.get();
        }
    }

    private Callable<Void> actor(Cache<String, Item> cache, String key, boolean reads, int spins) {
        return () -> {
            if (reads) {
                cache.get(key, k -> {
                    Item item = load(k);
                    spin(spins);
                    return item;
                });
            } else {
                spin(spins);
                store.commit(key);
                cache.invalidateAllAsync(List.of(key))
                        .exceptionally(pending -> null)
                        .join();
            }
            return null;
        };
    }

    private Item load(String key) {
        return new Item(key, store.version(key));
    }

    /** A pause too short for a clock: it only shuffles the threads. */
    private static void spin(int times) {
        for (int i = 0; i < times * 20; i++) {
            Thread.onSpinWait();
        }
    }
}
