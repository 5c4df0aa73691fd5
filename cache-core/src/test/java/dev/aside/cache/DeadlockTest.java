package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Loads that ask for each other. Nothing here is waited for without a limit: without the refusal the loads never end. */
class DeadlockTest {
    private static final long PATIENCE_SECONDS = 20;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Gate insideA = new Gate();
    private final Gate insideB = new Gate();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource
    void get_twoLoadsAskForEachOther_atLeastOneIsRefusedAndNobodyHangs(Level level) {
        try (Caches caches = level.caches().build()) {
            circle(caches.cache("a", String.class, String.class), caches.cache("b", String.class, String.class));
        }
    }

    /** The loads run on threads of the cache's, so the threads that wait are not those that load. */
    @ParameterizedTest
    @EnumSource
    void get_timedLoadsAskForEachOther_atLeastOneIsRefusedAndNobodyHangs(Level level) {
        TtlPolicy timed =
                TtlPolicy.named("timed").hardTimeout(Duration.ofHours(1)).build();
        try (Caches caches = level.caches().policy(timed).build()) {
            circle(
                    caches.cache("a", String.class, String.class, "timed"),
                    caches.cache("b", String.class, String.class, "timed"));
        }
    }

    private void circle(Cache<String, String> a, Cache<String, String> b) {
        CompletableFuture<String> first = CompletableFuture.supplyAsync(
                () -> a.get("k", key -> {
                    insideA.pass();
                    return b.get("k", k -> "b");
                }),
                threads);
        CompletableFuture<String> second = CompletableFuture.supplyAsync(
                () -> b.get("k", key -> {
                    insideB.pass();
                    return a.get("k", k -> "a");
                }),
                threads);
        insideA.awaitArrival();
        insideB.awaitArrival();
        insideA.open();
        insideB.open();

        first.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
        second.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
        List<Throwable> refused = Stream.of(first, second)
                .map(one -> one.handle((value, failure) -> failure).join())
                .filter(failure -> failure != null)
                .map(Failures::unwrap)
                .toList();
        assertThat(refused)
                .isNotEmpty()
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(RecursiveLoadException.class)
                        .hasMessageContaining(
                                "whose load, on another thread, waits for this one [hint: let loads ask caches in"
                                        + " one order only"));
        assertThat(a.get("k", key -> "fine")).isNotNull();
        assertThat(b.get("k", key -> "fine")).isNotNull();
    }

    /** Waiting for a load that waits for somebody else's is no circle. */
    @ParameterizedTest
    @EnumSource
    void getAll_chainOfWaits_isNotRefused(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            CompletableFuture<String> end = CompletableFuture.supplyAsync(
                    () -> cache.get("end", key -> {
                        insideA.pass();
                        return "end";
                    }),
                    threads);
            insideA.awaitArrival();
            CompletableFuture<String> middle = CompletableFuture.supplyAsync(
                    () -> cache.get("middle", key -> {
                        insideB.pass();
                        return cache.get("end", k -> "unused");
                    }),
                    threads);
            insideB.awaitArrival();
            insideB.open();
            Thread[] last = new Thread[1];
            CompletableFuture<Map<String, String>> reader = CompletableFuture.supplyAsync(
                    () -> {
                        last[0] = Thread.currentThread();
                        return cache.getAll(List.of("middle", "end"), keys -> Map.of());
                    },
                    threads);
            await().until(() -> last[0] != null && last[0].getState() == Thread.State.WAITING);
            insideA.open();

            assertThat(reader.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join())
                    .isEqualTo(Map.of("middle", "end", "end", "end"));
            assertThat(middle.join()).isEqualTo(end.join());
        }
    }
}
