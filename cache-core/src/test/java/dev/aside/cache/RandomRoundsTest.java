package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random mixes of readers and writers: when all is quiet again, the cache holds what the database holds. The same mix
 * leaves 4 % to 20 % of the keys stale in caches without leases and fences.
 */
class RandomRoundsTest {
    private static final int ROUNDS = 20_000;
    private static final long SEED = 20260;

    private final ConcurrentMap<Integer, Integer> database = new ConcurrentHashMap<>();

    @ParameterizedTest
    @EnumSource
    void rounds_readersAndWriters_leaveNothingStale(Level level) throws Exception {
        Random random = new Random(SEED);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (Caches caches = level.caches().build()) {
            Cache<Integer, Integer> cache = caches.cache("c", Integer.class, Integer.class);
            int stale = 0;
            for (int round = 0; round < ROUNDS; round++) {
                int key = round;
                database.put(key, 0);
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    all.add(threads.submit(actor(cache, key, i, random.nextInt(60))));
                }
                for (Future<?> one : all) {
                    one.get();
                }
                if (!database.get(key).equals(cache.get(key, this::read))) {
                    stale++;
                }
            }
            assertThat(stale).as("stale keys of %d, seed %d", ROUNDS, SEED).isZero();
        } finally {
            threads.shutdownNow();
        }
    }

    private Callable<?> actor(Cache<Integer, Integer> cache, int key, int number, int spins) {
        return () -> {
            spin(spins);
            if (number < 3) {
                return cache.get(key, k -> {
                    Integer read = read(k);
                    spin(spins);
                    return read;
                });
            }
            database.merge(key, 1, Integer::sum);
            cache.invalidate(key);
            return null;
        };
    }

    private Integer read(Integer key) {
        return database.get(key);
    }

    /** A pause too short for a clock: it only shuffles the threads. */
    private static void spin(int times) {
        for (int i = 0; i < times * 20; i++) {
            Thread.onSpinWait();
        }
    }
}
