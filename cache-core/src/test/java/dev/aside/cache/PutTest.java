package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Values written through a cache, alone and against everything that may happen meanwhile. */
class PutTest {
    private final AtomicReference<String> database = new AtomicReference<>("old");

    private String read(String key) {
        return database.get();
    }

    @ParameterizedTest
    @EnumSource
    void put_thenGet_needsNoLoad(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            cache.get("k", this::read);
            cache.put("k", "put");
            cache.putAsync("l", "put too").join();

            assertThat(cache.get("k", this::read)).isEqualTo("put");
            assertThat(cache.get("l", this::read)).isEqualTo("put too");
            assertThat(cache.stats().loads()).isEqualTo(1);
            assertThat(cache.stats().puts()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void put_duringLoad_loadIsNotKept(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            Gate gate = new Gate();
            CompletableFuture<String> reader = reader(cache, gate);
            gate.awaitArrival();
            cache.put("k", "put");
            gate.open();

            assertThat(reader.join()).isEqualTo("old");
            assertThat(cache.get("k", this::read)).isEqualTo("put");
        }
    }

    @ParameterizedTest
    @EnumSource
    void get_afterPut_doesNotJoinOldLoad(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            Gate gate = new Gate();
            CompletableFuture<String> early = reader(cache, gate);
            gate.awaitArrival();
            cache.put("k", "put");

            assertThat(cache.get("k", this::read)).isEqualTo("put");
            gate.open();
            early.join();
        }
    }

    /** The load begins after the announcement and before the write: it reads what is about to be replaced. */
    @ParameterizedTest
    @EnumSource
    void get_loadBegunDuringWrite_isNeitherKeptNorJoinedAfterIt(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            Gate writing = new Gate();
            CompletableFuture<String> writer = writer(cache, writing, "new");
            writing.awaitArrival();
            Gate loading = new Gate();
            CompletableFuture<String> reader = reader(cache, loading);
            loading.awaitArrival();
            writing.open();
            writer.join();

            assertThat(cache.get("k", this::read)).isEqualTo("new");
            loading.open();
            assertThat(reader.join()).isEqualTo("old");
            assertThat(cache.get("k", key -> "loaded again")).isEqualTo("new");
        }
    }

    /** What was put is gone again when the reader comes, and the load begun during the write is still under way. */
    @ParameterizedTest
    @EnumSource
    void get_afterPutThatExpired_doesNotJoinLoadBegunDuringWrite(Level level) {
        FakeTicker ticker = FakeTicker.create();
        TtlPolicy brief = TtlPolicy.named("brief").ttl(Duration.ofSeconds(1)).build();
        try (Caches caches = level.caches(ticker).policy(brief).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class, "brief");
            Gate writing = new Gate();
            CompletableFuture<String> writer = writer(cache, writing, "new");
            writing.awaitArrival();
            Gate loading = new Gate();
            CompletableFuture<String> reader = reader(cache, loading);
            loading.awaitArrival();
            writing.open();
            writer.join();
            ticker.advance(Duration.ofSeconds(2));

            assertThat(cache.get("k", this::read)).isEqualTo("new");
            loading.open();
            assertThat(reader.join()).isEqualTo("old");
        }
    }

    /** The put's own log entry is late: until it comes, this node must not hand out a load begun during the write. */
    @Test
    void get_afterPutBeforeTheLogTells_doesNotJoinLoadBegunDuringWrite() {
        InMemoryRemoteTier remote = new InMemoryRemoteTier();
        try (Caches caches = Caches.builder().remote(remote.node()).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            Gate writing = new Gate();
            CompletableFuture<String> writer = writer(cache, writing, "new");
            writing.awaitArrival();
            Gate loading = new Gate();
            CompletableFuture<String> reader = reader(cache, loading);
            loading.awaitArrival();
            remote.holdInvalidations();
            writing.open();
            writer.join();

            assertThat(cache.get("k", this::read)).isEqualTo("new");
            loading.open();
            assertThat(reader.join()).isEqualTo("old");
        }
    }

    @ParameterizedTest
    @EnumSource
    void get_loadEndsDuringWrite_isReplacedByTheWrite(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            Gate writing = new Gate();
            CompletableFuture<String> writer = writer(cache, writing, "new");
            writing.awaitArrival();
            assertThat(cache.get("k", this::read)).isEqualTo("old");
            writing.open();
            writer.join();

            assertThat(cache.get("k", this::read)).isEqualTo("new");
        }
    }

    /** The database took the first writer's value last, and the cache hears of it first: neither may be kept. */
    @ParameterizedTest
    @EnumSource
    void writeThrough_twoWritersCross_keepNeither(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            Gate first = new Gate();
            CompletableFuture<String> slow = CompletableFuture.supplyAsync(() -> cache.writeThrough("k", () -> {
                database.set("first");
                first.pass();
                return "first";
            }));
            first.awaitArrival();
            cache.writeThrough("k", () -> {
                database.set("second");
                return "second";
            });
            first.open();
            assertThat(slow.join()).isEqualTo("first");

            assertThat(cache.get("k", this::read)).isEqualTo("second");
            assertThat(cache.stats().loads()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void writeThrough_invalidatedMeanwhile_isNotKept(Level level) {
        overtaken(level, cache -> () -> cache.invalidate("k"));
    }

    @ParameterizedTest
    @EnumSource
    void writeThrough_clearedMeanwhile_isNotKept(Level level) {
        overtaken(level, cache -> cache::invalidateAll);
    }

    @ParameterizedTest
    @EnumSource
    void writeThrough_itsTagInvalidatedMeanwhile_isNotKept(Level level) {
        overtaken(level, cache -> () -> cache.invalidateTag("tag of written"));
    }

    private void overtaken(Level level, java.util.function.Function<Cache<String, String>, Runnable> overtaking) {
        TtlPolicy tagging = TtlPolicy.named("tagging")
                .tagsFrom(value -> List.of("tag of " + value))
                .build();
        try (Caches caches = level.caches().policy(tagging).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class, "tagging");
            Gate writing = new Gate();
            CompletableFuture<String> writer = writer(cache, writing, "written");
            writing.awaitArrival();
            overtaking.apply(cache).run();
            writing.open();
            assertThat(writer.join()).isEqualTo("written");
            database.set("changed by somebody else");

            assertThat(cache.get("k", this::read)).isEqualTo("changed by somebody else");
            assertThat(cache.stats().puts()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void writeThrough_writeFails_invalidatesAndThrowsWhatItThrew(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            cache.get("k", this::read);
            database.set("written all the same");
            IllegalStateException failure = new IllegalStateException("the connection was lost");
            assertThatThrownBy(() -> cache.writeThrough("k", () -> {
                        throw failure;
                    }))
                    .isSameAs(failure);
            assertThat(cache.get("k", this::read)).isEqualTo("written all the same");

            database.set("and again");
            assertThat(cache.writeThroughAsync("k", () -> CompletableFuture.failedStage(failure))
                            .handle((value, thrown) -> thrown)
                            .join())
                    .isSameAs(failure);
            assertThat(cache.get("k", this::read)).isEqualTo("and again");
        }
    }

    @ParameterizedTest
    @EnumSource
    void put_absence_isKeptIfThePolicyHasANullTtl(Level level) {
        TtlPolicy noNulls = TtlPolicy.named("no-nulls").build();
        try (Caches caches = level.caches().policy(noNulls).build()) {
            Cache<String, String> keeping = caches.cache("keeping", String.class, String.class);
            keeping.get("k", this::read);
            keeping.put("k", null);
            assertThat(keeping.get("k", this::read)).isNull();

            Cache<String, String> dropping = caches.cache("dropping", String.class, String.class, "no-nulls");
            dropping.get("k", this::read);
            dropping.put("k", null);
            assertThat(dropping.get("k", this::read)).isEqualTo("old");
        }
    }

    @ParameterizedTest
    @EnumSource
    void put_policyComputesTtl_expiresByIt(Level level) {
        FakeTicker ticker = FakeTicker.create();
        TtlPolicy policy = TtlPolicy.named("own")
                .ttl(Duration.ofMinutes(10))
                .ttlFrom(value -> Duration.ofSeconds(Integer.parseInt((String) value)))
                .build();
        try (Caches caches = level.caches(ticker).policy(policy).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class, "own");
            cache.put("k", "20");
            ticker.advance(Duration.ofSeconds(19));
            assertThat(cache.get("k", key -> "60")).isEqualTo("20");
            ticker.advance(Duration.ofSeconds(2));
            assertThat(cache.get("k", key -> "60")).isEqualTo("60");

            assertThatThrownBy(() -> cache.put("k", "not a number")).isInstanceOf(NumberFormatException.class);
            assertThat(cache.get("k", key -> "30"))
                    .as("the old value is gone all the same")
                    .isEqualTo("30");
        }
    }

    @Test
    void put_onOneNode_isServedOnTheOther() {
        InMemoryRemoteTier remote = new InMemoryRemoteTier();
        try (Caches here = Caches.builder().remote(remote.node()).build();
                Caches there = Caches.builder().remote(remote.node()).build()) {
            Cache<String, String> writing = here.cache("c", String.class, String.class);
            Cache<String, String> reading = there.cache("c", String.class, String.class);
            reading.get("k", this::read);
            writing.put("k", "put");

            assertThat(reading.get("k", this::read)).isEqualTo("put");
            assertThat(reading.stats().loads()).isEqualTo(1);
        }
    }

    @Test
    void put_tierUnreachable_tellsAndServesNothingOld() {
        InMemoryRemoteTier remote = new InMemoryRemoteTier();
        try (Caches caches = Caches.builder().remote(remote.node()).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            cache.get("k", this::read);
            remote.unreachable(true);
            assertThatThrownBy(() -> cache.put("k", "put"))
                    .isInstanceOfSatisfying(
                            InvalidationPendingException.class,
                            pending -> assertThat(pending.keys()).isEqualTo(List.of("k")));
            remote.unreachable(false);
            database.set("new");
            assertThat(cache.get("k", this::read)).isEqualTo("new");
        }
    }

    @Test
    void writeThrough_tierLostDuringWrite_writeStandsAndKeyIsInvalidatedLater() {
        InMemoryRemoteTier remote = new InMemoryRemoteTier();
        try (Caches caches = Caches.builder().remote(remote.node()).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            cache.get("k", this::read);
            Supplier<String> write = () -> {
                database.set("new");
                remote.unreachable(true);
                return "new";
            };
            assertThatThrownBy(() -> cache.writeThrough("k", write)).isInstanceOf(InvalidationPendingException.class);
            remote.unreachable(false);
            assertThat(cache.get("k", this::read)).isEqualTo("new");
            assertThat(cache.stats().puts()).isZero();
        }
    }

    /** A writer that died: until its guard time is over nothing is kept, and then everything is as before. */
    @Test
    void announce_writerNeverComesBack_endsByItself() {
        FakeTicker ticker = FakeTicker.create();
        InMemoryRemoteTier remote = new InMemoryRemoteTier(ticker);
        try (Caches caches =
                Caches.builder().ticker(ticker).remote(remote.node()).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            remote.node().announce("c", List.of("k"));
            try (CacheProbe probe = CacheProbe.open()) {
                cache.get("k", this::read);
                assertThat(probe.answers())
                        .singleElement()
                        .extracting(Answer::reason)
                        .isEqualTo(Answer.Reason.WRITING);
            }
            ticker.advance(Duration.ofSeconds(31));
            cache.get("k", this::read);
            cache.get("k", this::read);
            assertThat(cache.stats().loads()).isEqualTo(2);
        }
    }

    private CompletableFuture<String> writer(Cache<String, String> cache, Gate gate, String value) {
        return CompletableFuture.supplyAsync(() -> cache.writeThrough("k", () -> {
            gate.pass();
            database.set(value);
            return value;
        }));
    }

    /** A reader that stops between reading the database and handing the value to the cache. */
    private CompletableFuture<String> reader(Cache<String, String> cache, Gate gate) {
        return CompletableFuture.supplyAsync(() -> cache.get("k", key -> {
            String read = database.get();
            gate.pass();
            return read;
        }));
    }

    private static <E extends Throwable> RuntimeException sneak(Throwable failure) throws E {
        @SuppressWarnings("unchecked")
        E unchecked = (E) failure;
        throw unchecked;
    }

    /** As Kotlin and Lombok allow it. */
    @ParameterizedTest
    @EnumSource
    void writeThrough_failsWithACheckedException_invalidates(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            assertThatThrownBy(() -> cache.writeThrough("k", () -> {
                        cache.get("k", this::read);
                        database.set("new");
                        throw PutTest.<RuntimeException>sneak(new java.io.IOException("lost"));
                    }))
                    .isExactlyInstanceOf(java.io.IOException.class);
            cache.get("k", this::read);
            assertThat(cache.get("k", key -> "loaded again")).isEqualTo("new");
        }
    }

    @Test
    void put_weigherFails_theOldValueIsGone() {
        TtlPolicy weighing = TtlPolicy.named("weighing")
                .maximumWeight(100, value -> Integer.parseInt((String) value))
                .build();
        try (Caches caches = Caches.builder().policy(weighing).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class, "weighing");
            assertThatThrownBy(() -> cache.writeThrough("k", () -> {
                        cache.get("k", key -> "1");
                        return "heavy";
                    }))
                    .isInstanceOf(NumberFormatException.class);
            assertThat(cache.peek("k")).isNull();
        }
    }

    @Test
    void put_copyOnRead_writersOwnObjectIsNotTheCached() {
        TtlPolicy copying = TtlPolicy.named("copying")
                .copyOnRead(value -> new java.util.ArrayList<>((List<?>) value))
                .build();
        try (Caches caches = Caches.builder().policy(copying).build()) {
            Cache<String, List<String>> cache =
                    caches.cache("c", String.class, new TypeRef<List<String>>() {}, "copying");
            List<String> mine = new java.util.ArrayList<>(List.of("a"));
            cache.put("k", mine);
            mine.add("changed");
            assertThat(cache.peek("k")).containsExactly("a");
        }
    }
}
