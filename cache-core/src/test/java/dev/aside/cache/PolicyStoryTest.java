package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aside.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The presets behave as they are named, told on a clock turned by hand. */
class PolicyStoryTest {
    private final FakeTicker ticker = FakeTicker.create();
    private final AtomicInteger loads = new AtomicInteger();
    private volatile boolean databaseDown;

    private String load(String key) {
        int number = loads.incrementAndGet();
        if (databaseDown) {
            throw new IllegalStateException("database down");
        }
        return key + number;
    }

    @ParameterizedTest
    @EnumSource
    void reference_withinTtl_isLoadedOnceAndThenReloadedBehindTheReader(Level level) {
        try (Caches caches = level.caches(ticker).build()) {
            Cache<String, String> cache = caches.cache("country", String.class, String.class, "reference");
            assertThat(cache.get("GB", this::load)).isEqualTo("GB1");
            ticker.advance(Duration.ofMinutes(4));
            assertThat(cache.get("GB", this::load)).isEqualTo("GB1");
            ticker.advance(Duration.ofMinutes(21));
            assertThat(cache.get("GB", this::load)).isEqualTo("GB1");
            await().until(() -> "GB2".equals(cache.peek("GB")));
            assertThat(loads).hasValue(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void reference_databaseDownForTwoHours_isServedAndTheDatabaseIsNotHammered(Level level) {
        try (Caches caches = level.caches(ticker).executor(Runnable::run).build()) {
            Cache<String, String> cache = caches.cache("country", String.class, String.class, "reference");
            cache.get("GB", this::load);
            databaseDown = true;
            int before = loads.get();
            for (int second = 0; second < 7200; second++) {
                ticker.advance(Duration.ofSeconds(1));
                assertThat(cache.get("GB", this::load)).isEqualTo("GB1");
            }
            // from minute 24 on, one attempt each 5 s of back-off
            assertThat(loads.get() - before).isBetween(500, 1300);
            databaseDown = false;
            ticker.advance(Duration.ofSeconds(6));
            assertThat(cache.get("GB", this::load)).isNotEqualTo("GB1");
            assertThat(cache.stats().staleServed()).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource
    void reference_databaseDownForLongerThanStaleIfError_fails(Level level) {
        try (Caches caches = level.caches(ticker).build()) {
            Cache<String, String> cache = caches.cache("country", String.class, String.class, "reference");
            cache.get("GB", this::load);
            databaseDown = true;
            ticker.advance(Duration.ofMinutes(30).plusHours(6).plusSeconds(1));
            assertThatThrownBy(() -> cache.get("GB", this::load)).hasMessage("database down");
        }
    }

    @ParameterizedTest
    @EnumSource
    void permissions_databaseDownAfterTtl_failsRatherThanGrants(Level level) {
        try (Caches caches = level.caches(ticker).build()) {
            Cache<String, String> cache = caches.cache("permission", String.class, String.class, "permissions");
            cache.get("alice", this::load);
            databaseDown = true;
            ticker.advance(Duration.ofMinutes(5));
            assertThatThrownBy(() -> cache.get("alice", this::load)).hasMessage("database down");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aggregate_stale_isServedWhileOneReaderComputes(Level level) {
        try (Caches caches = level.caches(ticker).build()) {
            Cache<String, String> cache = caches.cache("total", String.class, String.class, "aggregate");
            cache.get("all", this::load);
            ticker.advance(Duration.ofSeconds(121));
            Gate gate = new Gate();
            for (int reader = 0; reader < 200; reader++) {
                String served = cache.get("all", key -> {
                    gate.pass();
                    return load(key);
                });
                assertThat(served).isEqualTo("all1");
            }
            gate.awaitArrival().open();
            await().until(() -> "all2".equals(cache.peek("all")));
            assertThat(loads).hasValue(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nullTtl_absence_isCachedForThatLong(Level level) {
        try (Caches caches = level.caches(ticker).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            assertThat(cache.get("k", key -> null)).isNull();
            ticker.advance(Duration.ofSeconds(29));
            assertThat(cache.get("k", key -> "there now")).isNull();
            ticker.advance(Duration.ofSeconds(1));
            assertThat(cache.get("k", key -> "there now")).isEqualTo("there now");
        }
    }

    @ParameterizedTest
    @EnumSource
    void nullTtl_zero_asksAgainEachTime(Level level) {
        try (Caches caches = level.caches(ticker).build()) {
            Cache<String, String> cache = caches.cache("permission", String.class, String.class, "permissions");
            assertThat(cache.get("k", key -> null)).isNull();
            assertThat(cache.get("k", key -> "there now")).isEqualTo("there now");
        }
    }

    @Test
    void localTtl_over_asksTheRemoteTierAgainButNotTheDatabase() {
        InMemoryRemoteTier remote = new InMemoryRemoteTier(ticker);
        try (Caches one = Caches.builder().ticker(ticker).remote(remote.node()).build();
                Caches two =
                        Caches.builder().ticker(ticker).remote(remote.node()).build()) {
            Cache<String, String> here = one.cache("permission", String.class, String.class, "permissions");
            Cache<String, String> there = two.cache("permission", String.class, String.class, "permissions");
            there.get("alice", this::load);
            ticker.advance(Duration.ofSeconds(10));
            assertThat(here.get("alice", this::load)).isEqualTo("alice1");
            ticker.advance(Duration.ofSeconds(16));
            assertThat(here.get("alice", this::load)).isEqualTo("alice1");
            assertThat(here.stats().remoteHits()).isEqualTo(2);
            assertThat(loads).hasValue(1);
        }
    }

    @Test
    void ttl_acrossNodes_isCountedFromTheLoad() {
        InMemoryRemoteTier remote = new InMemoryRemoteTier(ticker);
        TtlPolicy policy = TtlPolicy.named("p").ttl(Duration.ofSeconds(10)).build();
        try (Caches one = Caches.builder()
                        .ticker(ticker)
                        .policy(policy)
                        .remote(remote.node())
                        .build();
                Caches two = Caches.builder()
                        .ticker(ticker)
                        .policy(policy)
                        .remote(remote.node())
                        .build()) {
            one.cache("c", String.class, String.class, "p").get("k", this::load);
            ticker.advance(Duration.ofSeconds(9));
            Cache<String, String> late = two.cache("c", String.class, String.class, "p");
            assertThat(late.get("k", this::load)).isEqualTo("k1");
            ticker.advance(Duration.ofSeconds(1));
            assertThat(late.get("k", this::load)).isEqualTo("k2");
        }
    }

    @Test
    void remoteUnreachable_reads_loadEachTimeAndComeBack() {
        InMemoryRemoteTier remote = new InMemoryRemoteTier(ticker);
        try (Caches caches =
                Caches.builder().ticker(ticker).remote(remote.node()).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            assertThat(cache.get("k", this::load)).isEqualTo("k1");
            remote.unreachable(true);
            assertThat(cache.get("k", this::load)).isEqualTo("k2");
            assertThat(cache.get("k", this::load)).isEqualTo("k3");
            assertThatThrownBy(() -> cache.invalidate("k"))
                    .isInstanceOfSatisfying(InvalidationPendingException.class, pending -> {
                        assertThat(pending.cache()).isEqualTo("c");
                        assertThat(pending.keys()).isEqualTo(List.of("k"));
                    });
            remote.unreachable(false);
            assertThat(cache.get("k", this::load))
                    .as("the invalidation has been delivered")
                    .isEqualTo("k4");
        }
    }

    @Test
    void replace_whileRunning_newEntriesFollow() {
        try (Caches caches = Level.LOCAL.caches(ticker).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            cache.get("old entry", this::load);
            caches.policies()
                    .replace(caches.policies().get("default").toBuilder()
                            .localTtl(Duration.ofSeconds(1))
                            .nullTtl(Duration.ofSeconds(1))
                            .ttl(Duration.ofSeconds(1))
                            .build());
            cache.get("new entry", this::load);
            ticker.advance(Duration.ofSeconds(2));
            assertThat(cache.peek("old entry")).isNotNull();
            assertThat(cache.peek("new entry")).isNull();
            assertThat(caches.describe()).contains("c: java.lang.String -> java.lang.String, default{ttl=1s");
        }
    }

    @Test
    void clusterSingleFlight_valueGoneStale_isLoadedByOneNode() {
        InMemoryRemoteTier remote = new InMemoryRemoteTier(ticker);
        TtlPolicy policy = TtlPolicy.named("figures")
                .ttl(Duration.ofSeconds(10))
                .staleIfError(Duration.ofHours(1))
                .singleFlight(TtlPolicy.SingleFlight.CLUSTER)
                .clusterWait(Duration.ofSeconds(30))
                .build();
        Caches.Builder builder = Caches.builder().ticker(ticker).policy(policy);
        try (Caches one = builder.remote(remote.node()).build();
                Caches two = builder.remote(remote.node()).build()) {
            Cache<String, String> here = one.cache("c", String.class, String.class, "figures");
            Cache<String, String> there = two.cache("c", String.class, String.class, "figures");
            here.get("k", this::load);
            there.get("k", this::load);
            ticker.advance(Duration.ofSeconds(11));
            Gate gate = new Gate();
            CompletableFuture<String> leader = CompletableFuture.supplyAsync(() -> here.get("k", key -> {
                gate.pass();
                return load(key);
            }));
            gate.awaitArrival();
            CompletableFuture<String> follower =
                    there.getAsync("k", key -> CompletableFuture.completedStage("loaded a second time"));
            assertThat(follower).isNotDone();
            gate.open();

            assertThat(leader.join()).isEqualTo("k2");
            assertThat(follower.join()).isEqualTo("k2");
        }
    }
}
