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
import java.util.function.Function;
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
        TtlPolicy tagging =
                TtlPolicy.named("tagging").tagsFrom(value -> List.of("all")).build();
        try (Caches caches = level.caches().policy(tagging).build()) {
            Cache<Integer, Integer> cache = caches.cache("c", Integer.class, Integer.class, "tagging");
            int stale = 0;
            for (int round = 0; round < ROUNDS; round++) {
                int key = round;
                database.put(key, 0);
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    Runnable write = i < 3 ? null : write(cache, key, random.nextInt(100));
                    all.add(threads.submit(actor(cache, key, write, random.nextInt(60))));
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

    private Callable<?> actor(Cache<Integer, Integer> cache, int key, Runnable write, int spins) {
        return () -> {
            spin(spins);
            if (write != null) {
                write.run();
                return null;
            }
            Function<Integer, Integer> loader = k -> {
                Integer read = read(k);
                spin(spins);
                return read;
            };
            return spins % 8 == 0 ? cache.refresh(key, loader) : cache.get(key, loader);
        };
    }

    private Runnable write(Cache<Integer, Integer> cache, int key, int kind) {
        return () -> {
            if (kind < 25) {
                cache.writeThrough(key, () -> increment(key));
                return;
            }
            increment(key);
            if (kind < 40) {
                cache.invalidateTag("all");
            } else if (kind < 42) {
                cache.invalidateAll();
            } else {
                cache.invalidate(key);
            }
        };
    }

    private Integer increment(int key) {
        return database.merge(key, 1, Integer::sum);
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
