package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Loading by order rather than by need: refresh and warm-up; and looking at what is held. */
class RefreshTest {

    @ParameterizedTest
    @EnumSource
    void refresh_freshValue_isReplaced(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            cache.get("k", key -> "old");
            assertThat(cache.refresh("k", key -> "new")).isEqualTo("new");
            assertThat(cache.get("k", key -> "unused")).isEqualTo("new");
            assertThat(cache.refreshAsync("k", key -> CompletableFuture.completedStage("newer"))
                            .join())
                    .isEqualTo("newer");
            assertThat(cache.get("k", key -> "unused")).isEqualTo("newer");
            assertThat(cache.refresh("absent", key -> "first")).isEqualTo("first");
            assertThat(cache.get("absent", key -> "unused")).isEqualTo("first");
        }
    }

    @ParameterizedTest
    @EnumSource
    void refresh_readersMeanwhile_areServedWhatIsHeld(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            cache.get("k", key -> "old");
            Gate gate = new Gate();
            CompletableFuture<String> refreshing = CompletableFuture.supplyAsync(() -> cache.refresh("k", key -> {
                gate.pass();
                return "new";
            }));
            gate.awaitArrival();
            assertThat(cache.get("k", key -> "unused")).isEqualTo("old");
            gate.open();
            assertThat(refreshing.join()).isEqualTo("new");
            assertThat(cache.peek("k")).isEqualTo("new");
        }
    }

    /** A load that began before must not put its older value over the refreshed one. */
    @ParameterizedTest
    @EnumSource
    void refresh_loadBegunBeforeEndsAfter_isNotKept(Level level) {
        TtlPolicy policy =
                TtlPolicy.named("short").clusterWait(Duration.ofMillis(1)).build();
        try (Caches caches = level.caches().policy(policy).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class, "short");
            Gate gate = new Gate();
            CompletableFuture<String> early = CompletableFuture.supplyAsync(() -> cache.get("k", key -> {
                gate.pass();
                return "old";
            }));
            gate.awaitArrival();
            assertThat(cache.refresh("k", key -> "new")).isEqualTo("new");
            gate.open();
            assertThat(early.join()).isEqualTo("old");
            assertThat(cache.get("k", key -> "newest")).isIn("new", "newest");
        }
    }

    /** What was refreshed is gone again, and the load that began before it is still under way. */
    @Test
    void get_afterRefreshThatExpired_doesNotJoinLoadBegunBefore() {
        FakeTicker ticker = FakeTicker.create();
        TtlPolicy brief = TtlPolicy.named("brief").ttl(Duration.ofSeconds(1)).build();
        try (Caches caches = Level.LOCAL.caches(ticker).policy(brief).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class, "brief");
            Gate gate = new Gate();
            CompletableFuture<String> early = CompletableFuture.supplyAsync(() -> cache.get("k", key -> {
                gate.pass();
                return "old";
            }));
            gate.awaitArrival();
            cache.refresh("k", key -> "new");
            ticker.advance(Duration.ofSeconds(2));

            assertThat(cache.get("k", key -> "newer")).isEqualTo("newer");
            gate.open();
            assertThat(early.join()).isEqualTo("old");
        }
    }

    /** Served stale after an error are readers, not the one who asks for the newest. */
    @ParameterizedTest
    @EnumSource
    void refresh_failsUnderStaleIfError_throws(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class, "reference");
            cache.get("k", key -> "old");
            assertThatThrownBy(() -> cache.refresh("k", key -> {
                        throw new IllegalStateException("down");
                    }))
                    .hasMessage("down");
            assertThat(cache.get("k", key -> "unused")).isEqualTo("old");
        }
    }

    @ParameterizedTest
    @EnumSource
    void refresh_inATransaction_loadsAndKeepsNothing(Level level) {
        ManualTransaction transaction = new ManualTransaction();
        try (Caches caches = level.caches().transactions(transaction).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            cache.get("k", key -> "old");
            transaction.inside(true);
            assertThat(cache.refresh("k", key -> "uncommitted")).isEqualTo("uncommitted");
            assertThat(cache.refreshAsync("k", key -> CompletableFuture.completedStage("too"))
                            .join())
                    .isEqualTo("too");
            transaction.inside(false);
            assertThat(cache.get("k", key -> "unused")).isEqualTo("old");
        }
    }

    @ParameterizedTest
    @EnumSource
    void refresh_fails_leavesWhatIsHeld(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            cache.get("k", key -> "old");
            assertThatThrownBy(() -> cache.refresh("k", key -> {
                        throw new IllegalStateException("down");
                    }))
                    .hasMessage("down");
            assertThat(cache.get("k", key -> "unused")).isEqualTo("old");
            assertThat(cache.refresh("k", key -> "new")).isEqualTo("new");
        }
    }

    @ParameterizedTest
    @EnumSource
    void refresh_invalidatedMeanwhile_isNotKept(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            cache.get("k", key -> "old");
            cache.refresh("k", key -> {
                cache.invalidate("k");
                return "read before the invalidation";
            });
            assertThat(cache.get("k", key -> "new")).isEqualTo("new");
        }
    }

    @ParameterizedTest
    @EnumSource
    void warmUp_batches_loadOnlyWhatIsMissingAndTellHowFar(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<Integer, String> cache = caches.cache("c", Integer.class, String.class);
            cache.get(2, key -> "there");
            List<Set<Integer>> calls = new ArrayList<>();
            List<WarmUpProgress> told = new ArrayList<>();
            WarmUpProgress end = cache.warmUp(
                    List.of(1, 2, 3, 3, 4, 5),
                    2,
                    keys -> {
                        calls.add(keys);
                        if (keys.contains(3)) {
                            throw new IllegalStateException("down");
                        }
                        return keys.stream().collect(Collectors.toMap(key -> key, key -> "v" + key));
                    },
                    told::add);

            assertThat(calls).containsExactly(Set.of(1), Set.of(3, 4), Set.of(5));
            assertThat(told).extracting(WarmUpProgress::done).containsExactly(2, 4, 5);
            assertThat(end.keys()).isEqualTo(5);
            assertThat(end.failed()).isEqualTo(2);
            assertThat(end.notKept()).isZero();
            assertThat(end.warm()).isEqualTo(3);
            assertThat(end.failure()).hasMessage("down");
            assertThat(end.finished()).isTrue();
            assertThat(cache.asMap()).isEqualTo(Map.of(1, "v1", 2, "there", 5, "v5"));
        }
    }

    @Test
    void warmUp_tierAwayForABatch_tellsWhatWasLoadedForNothing() {
        InMemoryRemoteTier remote = new InMemoryRemoteTier();
        try (Caches caches = Caches.builder().remote(remote.node()).build()) {
            Cache<Integer, String> cache = caches.cache("c", Integer.class, String.class);
            remote.unreachable(true);
            List<Integer> warm = new ArrayList<>();
            WarmUpProgress end = cache.warmUp(
                    List.of(1, 2, 3), 2, keys -> keys.stream().collect(Collectors.toMap(k -> k, k -> "v")), told -> {
                        warm.add(told.warm());
                        remote.unreachable(false);
                    });

            assertThat(warm).containsExactly(0, 1);
            assertThat(end).isEqualTo(new WarmUpProgress(3, 3, 0, 2, null));
            assertThat(cache.asMap()).isEqualTo(Map.of(3, "v"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void warmUp_absences_areWarmIfThePolicyKeepsThem(Level level) {
        TtlPolicy noNulls = TtlPolicy.named("no-nulls").build();
        try (Caches caches = level.caches().policy(noNulls).build()) {
            Cache<Integer, String> keeping = caches.cache("keeping", Integer.class, String.class);
            Cache<Integer, String> dropping = caches.cache("dropping", Integer.class, String.class, "no-nulls");
            assertThat(keeping.warmUp(List.of(1), 1, keys -> Map.of(), told -> {})
                            .warm())
                    .isEqualTo(1);
            assertThat(dropping.warmUp(List.of(1), 1, keys -> Map.of(), told -> {})
                            .notKept())
                    .isEqualTo(1);
        }
    }

    /** An interrupt and an error are not of one batch only. */
    @Test
    void warmUp_interruptedOrBroken_ends() {
        try (Caches caches = Caches.builder().build()) {
            Cache<Integer, String> cache = caches.cache("c", Integer.class, String.class);
            Gate gate = new Gate();
            CompletableFuture<String> other = CompletableFuture.supplyAsync(() -> cache.get(1, key -> {
                gate.pass();
                return "v";
            }));
            gate.awaitArrival();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> cache.warmUp(List.of(1, 2), 1, keys -> Map.of(), told -> {}))
                    .isInstanceOf(LoadInterruptedException.class);
            assertThat(Thread.interrupted()).isTrue();
            gate.open();
            other.join();

            assertThatThrownBy(() -> cache.warmUp(
                            List.of(3, 4),
                            1,
                            keys -> {
                                throw new AssertionError("broken");
                            },
                            told -> {}))
                    .isInstanceOf(AssertionError.class);
            assertThatThrownBy(() -> cache.warmUp(List.of(1), 1, keys -> Map.of(), null))
                    .hasMessage("progress");
        }
    }

    @Test
    void invalidateAndWait_boundOfTheTier_isWaitedFor() {
        OvertakingTier tier = new OvertakingTier();
        try (Caches caches = Caches.builder().remote(tier).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            long since = System.nanoTime();
            cache.invalidateAndWait(List.of("k"));
            assertThat(Duration.ofNanos(System.nanoTime() - since)).isGreaterThanOrEqualTo(tier.staleBound());
        }
    }

    @Test
    void warmUp_badBatchSize_isRefused() {
        try (Caches caches = Caches.builder().build()) {
            Cache<Integer, String> cache = caches.cache("c", Integer.class, String.class);
            assertThatThrownBy(() -> cache.warmUp(List.of(1), 0, keys -> Map.of(), progress -> {}))
                    .hasMessage("batchSize 0 is not a positive number [hint: 100]");
        }
    }

    @ParameterizedTest
    @EnumSource
    void asMap_absencesAndInvalidated_areNotInIt(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            Map<String, String> map = cache.asMap();
            cache.get("a", key -> "1");
            cache.get("none", key -> null);
            cache.get("b", key -> "2");
            cache.invalidate("b");

            assertThat(map)
                    .isEqualTo(Map.of("a", "1"))
                    .doesNotContainKey("none")
                    .doesNotContainKey(null);
            assertThat(map.get("a")).isEqualTo("1");
            assertThatThrownBy(() -> map.put("x", "y")).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(map::clear).isInstanceOf(UnsupportedOperationException.class);
            assertThat(cache.stats().localHits()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void invalidateAndWait_boundOfZero_returnsAtOnce(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            cache.get("a", key -> "1");
            cache.invalidateAndWait(List.of("a"));
            cache.invalidateAndWaitAsync(List.of("a", "b")).join();
            assertThat(cache.get("a", key -> "2")).isEqualTo("2");
        }
    }
}
