package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.cache.spi.TransactionBridge.Completion;
import dev.aside.testkit.FakeTicker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reads whose caller runs the method itself: look up, run, keep. */
class OpenReadTest {
    private final FakeTicker ticker = FakeTicker.create();

    @ParameterizedTest
    @EnumSource
    void keep_missedKey_isHitAfterwards(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            OpenRead<String> read = cache.open("k");
            assertThat(read.hit()).isFalse();
            read.keep("value");

            assertThat(cache.open("k").hit()).isTrue();
            assertThat(cache.openAsync("k").join().value()).isEqualTo("value");
            assertThat(cache.get("k", key -> "unused")).isEqualTo("value");
            assertThat(cache.stats().loads()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void keep_invalidatedSinceOpened_isNotKept(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            OpenRead<String> read = cache.open("k");
            cache.invalidate("k");
            read.keep("old");
            assertThat(cache.open("k").hit()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void keep_clearedSinceOpened_isNotKept(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            OpenRead<String> read = cache.open("k");
            cache.invalidateAll();
            read.keep("old");
            assertThat(cache.open("k").hit()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void keep_putSinceOpened_leavesThePut(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            OpenRead<String> read = cache.open("k");
            cache.put("k", "new");
            read.keep("old");
            assertThat(cache.open("k").value()).isEqualTo("new");
        }
    }

    @ParameterizedTest
    @EnumSource
    void open_whileAnotherIsOpen_doesNotWaitForIt(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            OpenRead<String> first = cache.open("k");
            OpenRead<String> second = cache.open("k");
            assertThat(second.hit()).isFalse();
            second.keep("second");
            first.keep("first");
            assertThat(cache.open("k").hit()).isTrue();
        }
    }

    /** As when a framework runs the method and puts its value in one go once the look-up has answered. */
    @Test
    void keep_inWhatDependsOnALateMiss_returns() {
        InMemoryRemoteTier tier = new InMemoryRemoteTier(ticker);
        try (Caches caches = Caches.builder().remote(tier.node()).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            tier.holdLookups();
            CompletableFuture<String> read = cache.openAsync("k").thenApply(opened -> {
                opened.keep("value");
                return "value";
            });
            tier.releaseLookups();
            assertThat(read).succeedsWithin(Duration.ofSeconds(20)).isEqualTo("value");
            assertThat(cache.lookup("k").value()).isEqualTo("value");
        }
    }

    @ParameterizedTest
    @EnumSource
    void keep_insideATransactionBegunAfterwards_isNotKept(Level level) {
        ManualTransaction transaction = new ManualTransaction();
        try (Caches caches = level.caches().transactions(transaction).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            OpenRead<String> read = cache.open("k");
            transaction.inside(true);
            read.keep("uncommitted");
            transaction.inside(false);
            assertThat(cache.lookup("k").hit()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void lookup_missingKey_leavesItToOthers(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            assertThat(cache.lookup("k").hit()).isFalse();
            assertThat(cache.lookupAsync("k").join().hit()).isFalse();
            cache.get("k", key -> "value");
            assertThat(cache.lookup("k").value()).isEqualTo("value");
            assertThat(cache.lookupAsync("k").join().value()).isEqualTo("value");
            assertThat(cache.stats().loads()).isEqualTo(1);
            cache.invalidate("k");
            assertThat(cache.lookup("k").hit()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void dropAndFail_nothingIsKept_andTheNextMayLoad(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            cache.open("k").drop();
            OpenRead<String> second = cache.open("k");
            assertThat(second.hit()).isFalse();
            second.fail(new IllegalStateException("away"));
            await().until(() -> cache.stats().loadFailures() == 1);

            assertThat(cache.get("k", key -> "value")).isEqualTo("value");
            assertThat(cache.open("k").value()).isEqualTo("value");
        }
    }

    /** Dropping ends a load with nothing, which must not become a cached absence. */
    @ParameterizedTest
    @EnumSource
    void keep_afterDrop_keepsNothing(Level level) {
        TtlPolicy policy =
                TtlPolicy.named("absences").nullTtl(Duration.ofSeconds(5)).build();
        try (Caches caches = level.caches().policy(policy).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class, "absences");
            OpenRead<String> read = cache.open("k");
            read.drop();
            read.keep("late");
            assertThat(cache.lookup("k").hit()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void keep_absence_isAHitWithNullTtl(Level level) {
        TtlPolicy policy =
                TtlPolicy.named("absences").nullTtl(Duration.ofSeconds(5)).build();
        try (Caches caches = level.caches().policy(policy).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class, "absences");
            cache.open("k").keep(null);
            assertThat(cache.open("k").hit()).isTrue();
            assertThat(cache.open("k").value()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void open_staleButServedToOthers_isAMiss(Level level) {
        TtlPolicy policy = TtlPolicy.named("stale")
                .ttl(Duration.ofSeconds(10))
                .jitter(0)
                .staleWhileRevalidate(Duration.ofMinutes(1))
                .build();
        try (Caches caches = level.caches(ticker).policy(policy).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class, "stale");
            cache.open("k").keep("old");
            ticker.advance(Duration.ofSeconds(11));
            OpenRead<String> read = cache.open("k");
            assertThat(read.hit()).isFalse();
            read.keep("new");
            assertThat(cache.open("k").value()).isEqualTo("new");
        }
    }

    @ParameterizedTest
    @EnumSource
    void keep_insideWritingTransaction_isNotKept(Level level) {
        ManualTransaction transaction = new ManualTransaction();
        try (Caches caches = level.caches().transactions(transaction).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            transaction.inside(true);
            cache.open("k").keep("uncommitted");
            cache.invalidate("other");
            assertThat(cache.open("other").hit()).isFalse();
            transaction.end(Completion.ROLLED_BACK);

            assertThat(cache.open("k").hit()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void open_keyTouchedByItsTransaction_isAMiss(Level level) {
        ManualTransaction transaction = new ManualTransaction();
        try (Caches caches = level.caches().transactions(transaction).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            cache.get("k", key -> "committed");
            transaction.inside(true);
            assertThat(cache.open("k").value()).isEqualTo("committed");
            cache.invalidate("k");
            assertThat(cache.open("k").hit()).isFalse();
            transaction.end(Completion.COMMITTED);
        }
    }
}
