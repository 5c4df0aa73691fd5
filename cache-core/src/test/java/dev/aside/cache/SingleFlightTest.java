package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.benmanes.caffeine.cache.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SingleFlightTest {

    @ParameterizedTest
    @EnumSource
    void get_64ThreadsOnColdKey_loadsOnce(Level level) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(64);
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            for (int round = 0; round < 50; round++) {
                String key = "k" + round;
                AtomicInteger loads = new AtomicInteger();
                List<Future<String>> readers = new ArrayList<>();
                for (int i = 0; i < 64; i++) {
                    readers.add(threads.submit(() -> cache.get(key, k -> "value " + loads.incrementAndGet())));
                }
                for (Future<String> reader : readers) {
                    assertThat(reader.get()).isEqualTo("value 1");
                }
                assertThat(loads).hasValue(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /**
     * The reader misses, and before it boards the key's flight, another reader's flight lands. A reader of an absent key
     * first looks at the clock when it boards, so the clock is where it is stopped.
     */
    @ParameterizedTest
    @EnumSource
    void get_anotherFlightLandsBetweenMissAndBoarding_doesNotLoadAgain(Level level) {
        Gate gate = new Gate();
        AtomicReference<Thread> slow = new AtomicReference<>();
        Ticker ticker = () -> {
            if (slow.compareAndSet(Thread.currentThread(), null)) {
                gate.pass();
            }
            return 1;
        };
        try (Caches caches = level.caches(ticker).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            CompletableFuture<String> late = CompletableFuture.supplyAsync(() -> {
                slow.set(Thread.currentThread());
                return cache.get("k", key -> "loaded again");
            });
            gate.awaitArrival();
            assertThat(cache.get("k", key -> "first")).isEqualTo("first");
            gate.open();

            assertThat(late.join()).isEqualTo("first");
            assertThat(cache.stats().loads()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void get_loaderThrows_everyReaderGetsTheSameExceptionAndNothingIsCached(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            Gate gate = new Gate();
            CompletableFuture<String> leader = CompletableFuture.supplyAsync(() -> cache.get("k", key -> {
                gate.pass();
                throw new IllegalArgumentException("no such thing");
            }));
            gate.awaitArrival();
            AtomicReference<Thread> waiting = new AtomicReference<>();
            CompletableFuture<String> follower = CompletableFuture.supplyAsync(() -> {
                waiting.set(Thread.currentThread());
                return cache.get("k", key -> "the follower's own load");
            });
            await().until(() -> waiting.get() != null && waiting.get().getState() == Thread.State.WAITING);
            gate.open();

            assertThatThrownBy(leader::join)
                    .hasCauseExactlyInstanceOf(IllegalArgumentException.class)
                    .hasRootCauseMessage("no such thing");
            Throwable own =
                    follower.handle((value, failure) -> failure.getCause()).join();
            assertThat(own).isExactlyInstanceOf(IllegalArgumentException.class).hasMessage("no such thing");
            assertThat(own.getStackTrace()).isNotEqualTo(own.getCause().getStackTrace());
            assertThat(cache.get("k", key -> "next")).isEqualTo("next");
        }
    }

    @ParameterizedTest
    @EnumSource
    void get_followerInterrupted_leaderGoesOn(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            Gate gate = new Gate();
            CompletableFuture<String> leader = CompletableFuture.supplyAsync(() -> cache.get("k", key -> {
                gate.pass();
                return "value";
            }));
            gate.awaitArrival();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            AtomicReference<Boolean> flag = new AtomicReference<>();
            Thread follower = new Thread(() -> {
                try {
                    cache.get("k", key -> "own load");
                } catch (LoadInterruptedException e) {
                    flag.set(Thread.currentThread().isInterrupted());
                    failure.set(e);
                }
            });
            follower.start();
            await().until(() -> follower.getState() == Thread.State.WAITING);
            follower.interrupt();
            await().until(() -> failure.get() != null);
            gate.open();

            assertThat(failure.get()).isInstanceOf(LoadInterruptedException.class);
            assertThat(flag.get()).isTrue();
            assertThat(leader.join()).isEqualTo("value");
        }
    }

    @ParameterizedTest
    @EnumSource
    void get_loaderAsksForTheSameKey_isRefused(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);

            assertThatThrownBy(() -> cache.get("k", key -> cache.get("other", o -> cache.get("k", k -> "x"))))
                    .isInstanceOf(RecursiveLoadException.class)
                    .hasMessageContaining("the load of a key of cache 'c' asks the cache for the same key");
            assertThat(cache.get("k", key -> "fine")).isEqualTo("fine");
        }
    }

    @ParameterizedTest
    @EnumSource
    void getAll_someKeysCached_loadsExactlyTheMissing(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<Integer, String> cache = caches.cache("c", Integer.class, String.class);
            for (int i = 0; i < 60; i++) {
                cache.get(i, key -> "single " + key);
            }
            List<Set<Integer>> calls = new ArrayList<>();
            List<Integer> wanted =
                    java.util.stream.IntStream.range(0, 100).boxed().toList();
            Map<Integer, String> all = cache.getAll(wanted, missing -> {
                calls.add(missing);
                return missing.stream().collect(java.util.stream.Collectors.toMap(key -> key, key -> "batch " + key));
            });

            assertThat(calls).hasSize(1);
            assertThat(calls.get(0)).containsExactlyElementsOf(wanted.subList(60, 100));
            assertThat(all.keySet()).containsExactlyElementsOf(wanted);
            assertThat(all.get(3)).isEqualTo("single 3");
            assertThat(all.get(77)).isEqualTo("batch 77");
            assertThat(cache.get(77, key -> "again")).isEqualTo("batch 77");
        }
    }

    @ParameterizedTest
    @EnumSource
    void getAll_overlappingBatches_neitherDeadlockNorLoadTwice(Level level) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (Caches caches = level.caches().build()) {
            Cache<Integer, Integer> cache = caches.cache("c", Integer.class, Integer.class);
            for (int round = 0; round < 200; round++) {
                int base = round * 10;
                ConcurrentLinkedQueue<Integer> loaded = new ConcurrentLinkedQueue<>();
                List<Future<Map<Integer, Integer>>> readers = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    List<Integer> keys = i % 2 == 0
                            ? List.of(base, base + 1, base + 2, base + 3)
                            : List.of(base + 3, base + 2, base + 1, base);
                    readers.add(threads.submit(() -> cache.getAll(keys, missing -> {
                        loaded.addAll(missing);
                        return missing.stream().collect(java.util.stream.Collectors.toMap(k -> k, k -> k * 2));
                    })));
                }
                for (Future<Map<Integer, Integer>> reader : readers) {
                    assertThat(reader.get()).hasSize(4).containsEntry(base + 3, (base + 3) * 2);
                }
                assertThat(loaded).doesNotHaveDuplicates().hasSize(4);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void getAsync_manyReaders_shareOneLoadAndCancelNothing(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            CompletableFuture<String> database = new CompletableFuture<>();
            AtomicInteger loads = new AtomicInteger();
            CompletableFuture<String> first = cache.getAsync("k", key -> {
                loads.incrementAndGet();
                return database;
            });
            CompletableFuture<String> second = cache.getAsync("k", key -> {
                loads.incrementAndGet();
                return database;
            });
            second.cancel(true);
            assertThat(first).isNotDone();
            database.complete("value");

            assertThat(first.join()).isEqualTo("value");
            assertThat(loads).hasValue(1);
            assertThat(cache.get("k", key -> "blocking load")).isEqualTo("value");
        }
    }

    @ParameterizedTest
    @EnumSource
    void getAsync_stageFails_arrivesUnwrappedAndIsNotCached(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            CompletableFuture<String> failed =
                    cache.getAsync("k", key -> CompletableFuture.failedFuture(new IllegalStateException("down")));

            Throwable failure = failed.handle((value, thrown) -> thrown).join();
            assertThat(failure).isExactlyInstanceOf(IllegalStateException.class).hasMessage("down");
            assertThat(cache.get("k", key -> "next")).isEqualTo("next");
        }
    }

    @ParameterizedTest
    @EnumSource
    void getAllAsync_loaderReturnsNull_failsAndGivesItsTurnBack(Level level) {
        TtlPolicy one = TtlPolicy.named("one").maxConcurrentLoads(1).build();
        try (Caches caches = level.caches().policy(one).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class, "one");
            CompletableFuture<Map<String, String>> failed = cache.getAllAsync(List.of("k"), keys -> null);

            assertThat(failed.handle((all, thrown) -> thrown).join())
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("a loader returned null instead of a stage");
            assertThat(cache.get("k", key -> "next")).isEqualTo("next");
        }
    }

    @ParameterizedTest
    @EnumSource
    void getAll_refusedHalfway_leavesNobodyWaiting(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            List<String> withNull = new ArrayList<>(List.of("x"));
            withNull.add(null);
            assertThatThrownBy(() -> cache.getAll(withNull, keys -> Map.of()))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("a key is null, for cache 'c'");
            assertThatThrownBy(() -> cache.getAllAsync(withNull, keys -> CompletableFuture.completedStage(Map.of())))
                    .isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> cache.get("y", key -> {
                        cache.getAll(List.of("x", "y"), keys -> Map.of());
                        return "unreachable";
                    }))
                    .isInstanceOf(RecursiveLoadException.class);

            assertThat(CompletableFuture.supplyAsync(() -> cache.get("x", key -> "fine")))
                    .succeedsWithin(java.time.Duration.ofSeconds(20))
                    .isEqualTo("fine");
            assertThat(cache.get("y", key -> "fine")).isEqualTo("fine");
        }
    }
}
