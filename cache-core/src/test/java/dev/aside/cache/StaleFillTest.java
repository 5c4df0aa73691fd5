package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.cache.spi.Lookup;
import dev.aside.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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
            CompletableFuture<String> reader = reader(cache, gate);
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
            CompletableFuture<String> reader = reader(cache, gate);
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
            CompletableFuture<String> early = reader(cache, gate);
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
    void get_anotherCacheInvalidatesTheKeyDuringLoad_isKept(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            cache.get("k", key -> {
                caches.invalidate("another", List.of("k"));
                return "v";
            });
            assertThat(cache.peek("k")).isEqualTo("v");
        }
    }

    /** The clear comes between the look at the fences and the entry's being there: a weigher is called in between. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void get_clearedWhileBeingPut_doesNotExist(boolean tagged) {
        AtomicReference<Runnable> between = new AtomicReference<>(() -> {});
        TtlPolicy policy = TtlPolicy.named("weighing")
                .maximumWeight(100, value -> {
                    between.getAndSet(() -> {}).run();
                    return 1;
                })
                .tagsFrom(value -> tagged ? List.of("tag") : List.of())
                .build();
        try (Caches caches = Caches.builder().policy(policy).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class, "weighing");
            between.set(cache::invalidateAll);
            cache.get("k", key -> "old");
            assertThat(cache.peek("k")).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void get_afterClear_doesNotJoinOldLoad(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            cache.get("other", key -> "held");
            Gate gate = new Gate();
            CompletableFuture<String> early = CompletableFuture.supplyAsync(() -> cache.get("k", key -> {
                gate.pass();
                return "old";
            }));
            gate.awaitArrival();
            cache.invalidateAll();

            assertThat(cache.stats().size()).as("the memory is free at once").isZero();
            assertThat(cache.get("k", key -> "new")).isEqualTo("new");
            gate.open();
            early.join();
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
            CompletableFuture<String> reader = reader(cache, gate);
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

    /** The node was cut off for long; the log catches up and trust is back while a reader is on its way. */
    @Test
    void get_trustReturnsDuringRead_isNotServedWhatWasHeld() {
        try (Caches caches = Caches.builder().remote(remote).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            List<Supplier<String>> reads = List.of(
                    () -> cache.get("k", key -> "new"),
                    () -> cache.getAll(List.of("k"), keys -> Map.of("k", "new")).get("k"),
                    () -> cache.getAsync("k", key -> CompletableFuture.completedStage("new"))
                            .join());
            for (Supplier<String> read : reads) {
                remote.trusted(true);
                remote.hold(null);
                assertThat(cache.get("k", key -> "unused")).isEqualTo("remote");
                remote.hold(DENIED);
                remote.trustedAfter(() -> remote.node().invalidated("k"));

                assertThat(read.get()).isEqualTo("new");
            }
            remote.trusted(true);
            remote.hold(null);
            cache.get("k", key -> "unused");
            remote.trustedAfter(() -> remote.node().invalidated("k"));
            assertThat(cache.peek("k")).isNull();
        }
    }

    @Test
    void get_trustReturnsDuringRead_doesNotJoinOldLoad() {
        try (Caches caches = Caches.builder().remote(remote).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            remote.hold(DENIED);
            for (boolean batch : new boolean[] {false, true}) {
                remote.trusted(true);
                CompletableFuture<String> begun = new CompletableFuture<>();
                CompletableFuture<String> early = cache.getAsync("k", key -> begun);
                remote.trustedAfter(() -> remote.node().invalidated("k"));

                CompletableFuture<String> reader = batch
                        ? cache.getAllAsync(List.of("k"), keys -> CompletableFuture.completedStage(Map.of("k", "new")))
                                .thenApply(all -> all.get("k"))
                        : cache.getAsync("k", key -> CompletableFuture.completedStage("new"));

                begun.complete("old");
                assertThat(reader.join()).isEqualTo("new");
                assertThat(early.join()).isEqualTo("old");
            }
        }
    }

    /** A reload that is denied must not hand the value it was to replace to a reader who may not have it. */
    @Test
    void get_joinsReloadOfUntrustedValue_loads() {
        CompletableFuture<List<Lookup>> answer = reloadUnderWay();
        remote.trusted(false);
        CompletableFuture<String> reader = joining.getAsync("k", key -> CompletableFuture.completedStage("own load"));
        assertThat(reader).isNotDone();
        answer.complete(List.of(new Lookup.Denied(Lookup.Reason.UNAVAILABLE, null)));

        assertThat(reader.join()).isEqualTo("reloaded");
    }

    @Test
    void get_joinsReloadOfFreshValue_isServedIt() {
        CompletableFuture<List<Lookup>> answer = reloadUnderWay();
        answer.complete(List.of(new Lookup.Denied(Lookup.Reason.BUSY, null)));

        assertThat(joining.peek("k")).isEqualTo("remote");
        assertThat(joining.stats().loads()).isZero();
    }

    private static final CompletionStage<List<Lookup>> DENIED =
            CompletableFuture.completedStage(List.of(new Lookup.Denied(Lookup.Reason.UNAVAILABLE, null)));

    private final OvertakingTier remote = new OvertakingTier();
    private Cache<String, String> joining;

    /** A value from the remote tier, due for refresh, whose reload waits for the answer to its look-up. */
    private CompletableFuture<List<Lookup>> reloadUnderWay() {
        Caches caches = Caches.builder()
                .ticker(ticker)
                .remote(remote)
                .executor(Runnable::run)
                .policy(TtlPolicy.named("refreshing")
                        .ttl(Duration.ofMinutes(1))
                        .refreshAhead(0.5)
                        .build())
                .build();
        joining = caches.cache("c", String.class, String.class, "refreshing");
        joining.get("k", key -> "unused");
        ticker.advance(Duration.ofSeconds(40));
        CompletableFuture<List<Lookup>> answer = new CompletableFuture<>();
        remote.hold(answer);
        assertThat(joining.get("k", key -> "reloaded")).isEqualTo("remote");
        return answer;
    }

    /** A reader that stops between reading the database and handing the value to the cache. */
    private CompletableFuture<String> reader(Cache<String, String> cache, Gate gate) {
        return CompletableFuture.supplyAsync(() -> cache.get("k", key -> {
            String read = database.get();
            gate.pass();
            return read;
        }));
    }

    private static TtlPolicy refreshing() {
        return TtlPolicy.named("refreshing")
                .ttl(Duration.ofSeconds(10))
                .refreshAhead(0.8)
                .build();
    }
}
