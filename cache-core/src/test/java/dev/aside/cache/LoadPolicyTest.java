package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aside.cache.annotation.Cached;
import dev.aside.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a policy says of loads: how long, how many, how often, and what of their values. */
class LoadPolicyTest {
    private static final Duration SHORT = Duration.ofMillis(30);

    private final FakeTicker ticker = FakeTicker.create();

    private Cache<String, String> cache(Caches caches) {
        return caches.cache("c", String.class, String.class, "p");
    }

    private static TtlPolicy.Builder policy() {
        return TtlPolicy.named("p").ttl(Duration.ofMinutes(1)).bounds(Duration.ofSeconds(10), Duration.ofMinutes(2));
    }

    private static TtlPolicy.Builder stale() {
        return policy().staleIfError(Duration.ofHours(1));
    }

    @ParameterizedTest
    @EnumSource
    void softTimeout_oldValueThere_isServedAndTheLoadIsStored(Level level) {
        try (Caches caches =
                level.caches(ticker).policy(stale().softTimeout(SHORT).build()).build()) {
            Cache<String, String> cache = cache(caches);
            cache.get("k", key -> "old");
            ticker.advance(Duration.ofMinutes(2));
            Gate gate = new Gate();
            try (CacheProbe probe = CacheProbe.open()) {
                assertThat(cache.get("k", key -> {
                            gate.pass();
                            return "new";
                        }))
                        .isEqualTo("old");
                // who comes while the load goes on does not wait at all
                assertThat(cache.get("k", key -> "another load")).isEqualTo("old");
                assertThat(probe.answers())
                        .hasSize(2)
                        .allMatch(answer -> answer.reason() == Answer.Reason.SOFT_TIMEOUT && answer.stale());
            }
            gate.open();
            await().until(() -> "new".equals(cache.peek("k")));
            assertThat(cache.stats().loads()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void softTimeout_batch_servesOldValuesAndWaitsForTheOthers(Level level) {
        try (Caches caches =
                level.caches(ticker).policy(stale().softTimeout(SHORT).build()).build()) {
            Cache<String, String> cache = cache(caches);
            cache.get("a", key -> "old a");
            ticker.advance(Duration.ofMinutes(2));
            Gate gate = new Gate();
            CompletableFuture<Map<String, String>> reader =
                    CompletableFuture.supplyAsync(() -> cache.getAll(List.of("a", "b"), missing -> {
                        gate.pass();
                        return Map.of("a", "new a", "b", "new b");
                    }));
            gate.awaitArrival();
            await().until(() -> cache.stats().staleServed() == 1);
            assertThat(reader).isNotDone();
            gate.open();
            assertThat(reader.join()).isEqualTo(Map.of("a", "old a", "b", "new b"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void softTimeout_oldValueInvalidatedMeanwhile_isNotServed(Level level) {
        // a soft timeout long enough for the invalidation to come first on any machine
        TtlPolicy policy = stale().softTimeout(Duration.ofMillis(700)).build();
        try (Caches caches = level.caches(ticker).policy(policy).build()) {
            Cache<String, String> cache = cache(caches);
            cache.get("k", key -> "old");
            ticker.advance(Duration.ofMinutes(2));
            Gate gate = new Gate();
            CompletableFuture<String> reader = CompletableFuture.supplyAsync(() -> cache.get("k", key -> {
                gate.pass();
                return "read before the write";
            }));
            gate.awaitArrival();
            cache.invalidate("k");
            CompletableFuture<Void> pastTheTimeout =
                    new CompletableFuture<Void>().completeOnTimeout(null, 1, TimeUnit.SECONDS);
            pastTheTimeout.join();
            assertThat(reader).isNotDone();
            gate.open();
            assertThat(reader.join()).isEqualTo("read before the write");
            assertThat(cache.peek("k")).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void hardTimeout_loadTakesLonger_failsTypedAndTheLateValueIsLost(Level level) {
        try (Caches caches =
                level.caches(ticker).policy(policy().hardTimeout(SHORT).build()).build()) {
            Cache<String, String> cache = cache(caches);
            Gate gate = new Gate();
            AtomicReference<Thread> loading = new AtomicReference<>();
            assertThatThrownBy(() -> cache.get("k", key -> {
                        loading.set(Thread.currentThread());
                        gate.pass();
                        return "late";
                    }))
                    .isInstanceOfSatisfying(LoadTimeoutException.class, timeout -> {
                        assertThat(timeout.cache()).isEqualTo("c");
                        assertThat(timeout.key()).isEqualTo("k");
                    })
                    .hasMessageStartingWith("the load of a key of cache 'c' took longer than 30ms");
            gate.awaitArrival();
            caches.policies().replace(policy().build());
            assertThat(cache.get("k", key -> "in time")).isEqualTo("in time");
            gate.open();
            await().until(() -> !loading.get().isAlive() || loading.get().getState() == Thread.State.TIMED_WAITING);
            assertThat(cache.peek("k")).isEqualTo("in time");
            assertThat(cache.stats().loadFailures()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void hardTimeout_oldValueAllowedOnError_isServed(Level level) {
        try (Caches caches = level.caches(ticker).policy(stale().build()).build()) {
            Cache<String, String> cache = cache(caches);
            cache.get("k", key -> "old");
            caches.policies().replace(stale().hardTimeout(SHORT).build());
            ticker.advance(Duration.ofMinutes(2));
            Gate gate = new Gate();
            assertThat(cache.get("k", key -> {
                        gate.pass();
                        return "late";
                    }))
                    .isEqualTo("old");
            gate.open();
        }
    }

    @ParameterizedTest
    @EnumSource
    void hardTimeout_asyncLoad_failsTheFuture(Level level) {
        try (Caches caches =
                level.caches(ticker).policy(policy().hardTimeout(SHORT).build()).build()) {
            Cache<String, String> cache = cache(caches);
            CompletableFuture<String> never = cache.getAsync("k", key -> new CompletableFuture<>());
            assertThatThrownBy(never::join).hasCauseInstanceOf(LoadTimeoutException.class);
            caches.policies().replace(policy().build());
            assertThat(cache.get("k", key -> "next")).isEqualTo("next");
        }
    }

    @ParameterizedTest
    @EnumSource
    void timedLoad_throwsChecked_arrivesUnchanged(Level level) {
        try (Caches caches = level.caches(ticker)
                .policy(policy().hardTimeout(Duration.ofMinutes(1)).build())
                .build()) {
            IllegalArgumentException failure = new IllegalArgumentException("no such thing");
            assertThatThrownBy(() -> cache(caches).get("k", key -> {
                        throw failure;
                    }))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no such thing");
        }
    }

    @ParameterizedTest
    @EnumSource
    void maxConcurrentLoads_allTaken_rejectsOtherKeysOnly(Level level) {
        try (Caches caches = level.caches(ticker)
                .policy(policy().maxConcurrentLoads(1, Duration.ZERO).build())
                .build()) {
            Cache<String, String> cache = cache(caches);
            cache.get("held", key -> "held");
            Gate gate = new Gate();
            CompletableFuture<String> busy = CompletableFuture.supplyAsync(() -> cache.get("k", key -> {
                gate.pass();
                return "value";
            }));
            gate.awaitArrival();
            assertThatThrownBy(() -> cache.get("other", key -> "unused"))
                    .isInstanceOfSatisfying(LoadRejectedException.class, rejected -> {
                        assertThat(rejected.reason()).isEqualTo(LoadRejectedException.Reason.TOO_MANY_LOADS);
                        assertThat(rejected.key()).isEqualTo("other");
                    });
            assertThat(cache.getAsync("other", key -> CompletableFuture.completedFuture("unused")))
                    .isCompletedExceptionally();
            assertThat(cache.get("held", key -> "unused")).isEqualTo("held");
            gate.open();
            assertThat(busy.join()).isEqualTo("value");
            assertThat(cache.get("other", key -> "now")).isEqualTo("now");
        }
    }

    @ParameterizedTest
    @EnumSource
    void maxConcurrentLoads_stormOfKeys_neverExceedsItAndServesAll(Level level) {
        try (Caches caches = level.caches(ticker)
                .policy(policy().maxConcurrentLoads(3, Duration.ofSeconds(30)).build())
                .build()) {
            Cache<String, String> cache = cache(caches);
            AtomicInteger running = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            List<Thread> readers = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                String key = "k" + i;
                readers.add(new Thread(() -> cache.get(key, k -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    Thread.onSpinWait();
                    running.decrementAndGet();
                    return k;
                })));
            }
            readers.forEach(Thread::start);
            await().until(() -> readers.stream().noneMatch(Thread::isAlive));
            assertThat(most.get()).isLessThanOrEqualTo(3);
            assertThat(cache.stats().loads()).isEqualTo(24);
        }
    }

    @ParameterizedTest
    @EnumSource
    void maxConcurrentLoads_replacedWhileRunning_countsFromThenOn(Level level) {
        try (Caches caches = level.caches(ticker)
                .policy(policy().maxConcurrentLoads(1, Duration.ZERO).build())
                .build()) {
            Cache<String, String> cache = cache(caches);
            caches.policies()
                    .replace(policy().maxConcurrentLoads(2, Duration.ZERO).build());
            String nested = cache.get("a", a -> cache.get("b", b -> "two at a time"));
            assertThat(nested).isEqualTo("two at a time");
            assertThat(caches.describe()).contains("maxConcurrentLoads=2 (wait 0s)");
        }
    }

    @ParameterizedTest
    @EnumSource
    void loadBreaker_loadsFail_stopsTryingAndTriesAgain(Level level) {
        TtlPolicy policy = policy().loadBreaker(0.5, 4, Duration.ofSeconds(10)).build();
        try (Caches caches = level.caches(ticker).policy(policy).build()) {
            Cache<String, String> cache = cache(caches);
            for (int i = 0; i < 4; i++) {
                assertThatThrownBy(() -> cache.get("k", key -> {
                            throw new IllegalStateException("down");
                        }))
                        .hasMessage("down");
            }
            assertThatThrownBy(() -> cache.get("k", key -> "not asked"))
                    .isInstanceOfSatisfying(
                            LoadRejectedException.class,
                            rejected ->
                                    assertThat(rejected.reason()).isEqualTo(LoadRejectedException.Reason.BREAKER_OPEN));
            ticker.advance(Duration.ofSeconds(11));
            assertThat(cache.get("k", key -> "up again")).isEqualTo("up again");
            assertThat(cache.get("other", key -> "up")).isEqualTo("up");
        }
    }

    @ParameterizedTest
    @EnumSource
    void ttlFrom_valuesOfTheirOwn_liveThatLongWithinTheBounds(Level level) {
        Map<String, Duration> own = Map.of(
                "short", Duration.ofSeconds(20), "too short", Duration.ofSeconds(1), "too long", Duration.ofHours(1));
        try (Caches caches =
                level.caches(ticker).policy(policy().ttlFrom(own::get).build()).build()) {
            Cache<String, String> cache = cache(caches);
            List<String> keys = List.of("short", "too short", "too long", "the policy's");
            cache.getAll(keys, missing -> missing.stream().collect(Collectors.toMap(k -> k, k -> k)));
            assertAlive(cache, keys, 9, "short", "too short", "too long", "the policy's");
            assertAlive(cache, keys, 2, "short", "too long", "the policy's");
            assertAlive(cache, keys, 10, "too long", "the policy's");
            assertAlive(cache, keys, 40, "too long");
            assertAlive(cache, keys, 60);
        }
    }

    private void assertAlive(Cache<String, String> cache, List<String> keys, int secondsLater, String... alive) {
        ticker.advance(Duration.ofSeconds(secondsLater));
        assertThat(keys.stream().filter(key -> cache.peek(key) != null)).containsExactly(alive);
    }

    @ParameterizedTest
    @EnumSource
    void ttlFrom_throws_isAFailedLoadAndHoldsNoLease(Level level) {
        try (Caches caches = level.caches(ticker)
                .policy(policy().ttlFrom(value -> {
                            if (value.equals("odd")) {
                                throw new IllegalArgumentException("odd value");
                            }
                            return null;
                        })
                        .build())
                .build()) {
            Cache<String, String> cache = cache(caches);
            assertThatThrownBy(() -> cache.get("k", key -> "odd")).hasMessage("odd value");
            assertThat(cache.get("k", key -> "even")).isEqualTo("even");
            assertThat(cache.peek("k")).isEqualTo("even");
        }
    }

    @ParameterizedTest
    @EnumSource
    void maximumWeight_heavyValues_leaveRoomForFewer(Level level) {
        try (Caches caches = level.caches(ticker)
                .policy(policy().maximumWeight(100, value -> ((String) value).length())
                        .build())
                .build()) {
            Cache<String, String> cache = cache(caches);
            String heavy = "x".repeat(40);
            for (int i = 0; i < 50; i++) {
                cache.get("k" + i, key -> heavy);
            }
            await().until(() -> cache.stats().size() <= 2);
            assertThat(caches.describe()).contains("maximumWeight=100").doesNotContain("maximumSize");
            assertThatThrownBy(() -> caches.policies().replace(policy().build()))
                    .hasMessageStartingWith("policy 'p' replaces maximumSize by maximumWeight, or the other way round");
            caches.policies()
                    .replace(policy().maximumWeight(1000, value -> ((String) value).length())
                            .build());
        }
    }

    interface Lists {
        @Cached(name = "lists", policy = "p")
        List<String> list(String key);

        @Cached(name = "maybe", policy = "p")
        Optional<List<String>> maybe(String key);
    }

    static class Mutable implements Lists {
        @Override
        public List<String> list(String key) {
            return new ArrayList<>(List.of(key));
        }

        @Override
        public Optional<List<String>> maybe(String key) {
            return Optional.of(list(key));
        }
    }

    @ParameterizedTest
    @EnumSource
    void copyOnRead_readersChangeTheirValue_doNotChangeTheCached(Level level) {
        try (Caches caches = level.caches(ticker)
                .policy(policy().copyOnRead(value -> new ArrayList<>((List<?>) value))
                        .build())
                .build()) {
            Lists lists = caches.proxy(Lists.class, new Mutable());
            for (Supplier<List<String>> read : List.<Supplier<List<String>>>of(
                    () -> lists.list("a"), () -> lists.maybe("a").orElseThrow())) {
                for (int i = 0; i < 3; i++) {
                    List<String> mine = read.get();
                    assertThat(mine).containsExactly("a");
                    mine.add("scribbled");
                }
            }
        }
    }

    @Test
    void slowLoad_severalInAShortTime_logsOneWithoutKeysAndThenTheRest() {
        List<String> messages = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                messages.add(record.getLevel() + " " + record.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(SlowLoadLog.class.getName());
        logger.addHandler(handler);
        try (Caches caches = Level.LOCAL
                .caches(ticker)
                .policy(policy().slowLoad(Duration.ofSeconds(2)).build())
                .build()) {
            Cache<String, String> cache = cache(caches);
            for (int i = 0; i < 3; i++) {
                cache.get("secret" + i, key -> {
                    ticker.advance(Duration.ofSeconds(3));
                    return "value";
                });
            }
            cache.get("quick", key -> "value");
            ticker.advance(Duration.ofSeconds(10));
            cache.get("secret again", key -> {
                ticker.advance(Duration.ofSeconds(2));
                return "value";
            });
            assertThat(messages)
                    .containsExactly(
                            "WARNING cache 'c': a load of 1 key(s) took 3s (threshold 2s)",
                            "WARNING cache 'c': a load of 1 key(s) took 2s (threshold 2s); 2 more since the last"
                                    + " message");
        } finally {
            logger.removeHandler(handler);
        }
    }
}
