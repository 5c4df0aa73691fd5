package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Forced interleavings of loads and invalidations: what was read before an invalidation must not outlive it. */
class StaleFillTest {
    private final FakeTicker ticker = FakeTicker.create();
    private final AtomicReference<String> database = new AtomicReference<>("old");

    @ParameterizedTest
    @EnumSource
    void get_invalidatedDuringLoad_isNotKept(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            Gate gate = new Gate();
            CompletableFuture<String> reader = CompletableFuture.supplyAsync(() -> cache.get("k", key -> {
                String read = database.get();
                gate.pass();
                return read;
            }));
            gate.awaitArrival();
            database.set("new");
            cache.invalidate("k");
            gate.open();

            assertThat(reader.join()).isEqualTo("old");
            assertThat(cache.get("k", key -> database.get())).isEqualTo("new");
            assertThat(cache.stats().fillsRefused()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void get_clearedDuringLoad_isNotKept(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            Gate gate = new Gate();
            CompletableFuture<String> reader = CompletableFuture.supplyAsync(() -> cache.get("k", key -> {
                String read = database.get();
                gate.pass();
                return read;
            }));
            gate.awaitArrival();
            database.set("new");
            cache.invalidateAll();
            gate.open();

            assertThat(reader.join()).isEqualTo("old");
            assertThat(cache.get("k", key -> database.get())).isEqualTo("new");
        }
    }

    @ParameterizedTest
    @EnumSource
    void get_afterInvalidation_doesNotJoinOldLoad(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            Gate gate = new Gate();
            CompletableFuture<String> early = CompletableFuture.supplyAsync(() -> cache.get("k", key -> {
                String read = database.get();
                gate.pass();
                return read;
            }));
            gate.awaitArrival();
            database.set("new");
            cache.invalidate("k");

            assertThat(cache.get("k", key -> database.get())).isEqualTo("new");
            gate.open();
            assertThat(early.join()).isEqualTo("old");
            assertThat(cache.get("k", key -> "loaded again")).isEqualTo("new");
        }
    }

    @ParameterizedTest
    @EnumSource
    void getAll_oneKeyInvalidatedDuringLoad_keepsTheOthers(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            Gate gate = new Gate();
            CompletableFuture<Map<String, String>> reader =
                    CompletableFuture.supplyAsync(() -> cache.getAll(List.of("a", "b"), keys -> {
                        gate.pass();
                        return Map.of("a", "old a", "b", "old b");
                    }));
            gate.awaitArrival();
            cache.invalidate("a");
            gate.open();

            assertThat(reader.join()).isEqualTo(Map.of("a", "old a", "b", "old b"));
            assertThat(cache.peek("a")).isNull();
            assertThat(cache.peek("b")).isEqualTo("old b");
        }
    }

    @ParameterizedTest
    @EnumSource
    void refreshAhead_invalidatedDuringReload_isNotKept(Level level) {
        try (Caches caches = level.caches(ticker).policy(refreshing()).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class, "refreshing");
            cache.get("k", key -> "first");
            ticker.advance(Duration.ofSeconds(9));
            Gate gate = new Gate();
            String served = cache.get("k", key -> {
                String read = database.get();
                gate.pass();
                return read;
            });
            assertThat(served).isEqualTo("first");
            gate.awaitArrival();
            database.set("new");
            cache.invalidate("k");
            gate.open();

            assertThat(cache.get("k", key -> database.get())).isEqualTo("new");
            await().until(() -> cache.stats().fillsRefused() == 1);
            assertThat(cache.peek("k")).isEqualTo("new");
        }
    }

    @Test
    void get_otherNodeInvalidatesDuringLoad_isKeptNowhere() {
        InMemoryRemoteTier remote = new InMemoryRemoteTier();
        try (Caches reading = Caches.builder().remote(remote.node()).build();
                Caches writing = Caches.builder().remote(remote.node()).build()) {
            Cache<String, String> cache = reading.cache("c", String.class, String.class);
            Gate gate = new Gate();
            CompletableFuture<String> reader = CompletableFuture.supplyAsync(() -> cache.get("k", key -> {
                String read = database.get();
                gate.pass();
                return read;
            }));
            gate.awaitArrival();
            database.set("new");
            writing.invalidate("c", List.of("k"));
            gate.open();

            assertThat(reader.join()).isEqualTo("old");
            assertThat(cache.peek("k")).isNull();
            assertThat(cache.get("k", key -> database.get())).isEqualTo("new");
        }
    }

    /** The fence alone: the fill is taken by the remote tier, and the invalidation arrives before the local put. */
    @Test
    void get_remoteHitOvertakenByInvalidation_isNotKeptHere() {
        OvertakingTier remote = new OvertakingTier();
        try (Caches caches = Caches.builder().remote(remote).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            remote.onLookup(() -> remote.node().invalidated("k"));

            assertThat(cache.get("k", key -> "unused")).isEqualTo("remote");
            assertThat(cache.peek("k")).isNull();
            remote.onLookup(() -> {});
            assertThat(cache.get("k", key -> "unused")).isEqualTo("remote");
            assertThat(cache.peek("k")).isEqualTo("remote");
        }
    }

    @Test
    void get_remoteHitOvertakenByClear_isNotKeptHere() {
        OvertakingTier remote = new OvertakingTier();
        try (Caches caches = Caches.builder().remote(remote).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            remote.onLookup(() -> remote.node().cleared());

            assertThat(cache.get("k", key -> "unused")).isEqualTo("remote");
            assertThat(cache.peek("k")).isNull();
        }
    }

    private static TtlPolicy refreshing() {
        return TtlPolicy.named("refreshing")
                .ttl(Duration.ofSeconds(10))
                .refreshAhead(0.8)
                .build();
    }
}
