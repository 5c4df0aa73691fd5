package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.spi.TransactionBridge.Completion;
import dev.aside.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
                .copyOnRead(value -> new ArrayList<>((List<?>) value))
                .build();
        try (Caches caches = Caches.builder().policy(copying).build()) {
            Cache<String, List<String>> cache =
                    caches.cache("c", String.class, new TypeRef<List<String>>() {}, "copying");
            List<String> mine = new ArrayList<>(List.of("a"));
            cache.put("k", mine);
            mine.add("changed");
            assertThat(cache.peek("k")).containsExactly("a");
        }
    }

    /** Neither the load that the write saw nor its announcement may be left. */
    @ParameterizedTest
    @EnumSource
    void writeThroughAsync_writeFails_leavesNothingOfItself(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            CompletableFuture<String> failed = cache.writeThroughAsync("k", () -> {
                cache.get("k", this::read);
                database.set("new");
                return CompletableFuture.failedStage(new IllegalStateException("lost"));
            });
            assertThatThrownBy(failed::join).hasMessageContaining("lost");

            assertThat(cache.get("k", this::read)).isEqualTo("new");
            assertThat(cache.get("k", key -> "loaded again")).isEqualTo("new");
        }
    }

    @ParameterizedTest
    @EnumSource
    void writeThrough_ttlCannotBeComputed_leavesNothingOfItself(Level level) {
        TtlPolicy policy = TtlPolicy.named("own")
                .ttlFrom(value -> Duration.ofSeconds(Integer.parseInt((String) value)))
                .build();
        try (Caches caches = level.caches().policy(policy).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class, "own");
            assertThatThrownBy(() -> cache.writeThrough("k", () -> {
                        cache.get("k", key -> "10");
                        return "not a number";
                    }))
                    .isInstanceOf(NumberFormatException.class);

            assertThat(cache.get("k", key -> "20")).isEqualTo("20");
            assertThat(cache.get("k", key -> "30")).isEqualTo("20");
        }
    }

    /** The write is overtaken, and a load that begins after that still sees the time before it. */
    @ParameterizedTest
    @EnumSource
    void get_loadBegunAfterTheWriteWasOvertaken_isNotKept(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            Gate writing = new Gate();
            CompletableFuture<String> writer = writer(cache, writing, "new");
            writing.awaitArrival();
            cache.invalidate("k");
            Gate loading = new Gate();
            CompletableFuture<String> reader = reader(cache, loading);
            loading.awaitArrival();
            writing.open();
            writer.join();
            loading.open();
            assertThat(reader.join()).isEqualTo("old");

            assertThat(cache.get("k", this::read)).isEqualTo("new");
        }
    }

    @ParameterizedTest
    @EnumSource
    void put_absenceThatIsNotKept_isNoOldValueEither(Level level) {
        TtlPolicy policy =
                TtlPolicy.named("stale").staleIfError(Duration.ofHours(1)).build();
        try (Caches caches = level.caches().policy(policy).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class, "stale");
            cache.put("k", null);
            assertThatThrownBy(() -> cache.get("k", PutTest::down)).hasMessage("down");
        }
    }

    private static String down(String key) {
        throw new IllegalStateException("down");
    }

    @Test
    void put_pastItsTtl_isServedOnOtherNodesIfTheLoadFails() {
        FakeTicker ticker = FakeTicker.create();
        InMemoryRemoteTier remote = new InMemoryRemoteTier(ticker);
        TtlPolicy policy = TtlPolicy.named("stale")
                .ttl(Duration.ofSeconds(10))
                .staleIfError(Duration.ofHours(1))
                .build();
        Caches.Builder here = Caches.builder().ticker(ticker).policy(policy).remote(remote.node());
        Caches.Builder there = Caches.builder().ticker(ticker).policy(policy).remote(remote.node());
        try (Caches writing = here.build();
                Caches reading = there.build()) {
            writing.cache("c", String.class, String.class, "stale").put("k", "put");
            ticker.advance(Duration.ofSeconds(11));
            assertThat(reading.cache("c", String.class, String.class, "stale").get("k", PutTest::down))
                    .isEqualTo("put");
        }
    }

    @ParameterizedTest
    @EnumSource
    void put_jitter_shortensItsLife(Level level) {
        FakeTicker ticker = FakeTicker.create();
        TtlPolicy policy = TtlPolicy.named("jittery")
                .ttl(Duration.ofSeconds(10))
                .jitter(0.5)
                .build();
        try (Caches caches = level.caches(ticker).policy(policy).random(() -> 1).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class, "jittery");
            cache.put("k", "put");
            ticker.advance(Duration.ofSeconds(6));
            assertThat(cache.get("k", key -> "loaded")).isEqualTo("loaded");
        }
    }

    @ParameterizedTest
    @EnumSource
    void put_inATransaction_isAnInvalidationAfterItsCommit(Level level) {
        ManualTransaction transaction = new ManualTransaction();
        try (Caches caches = level.caches().transactions(transaction).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            cache.get("k", this::read);
            cache.get("l", this::read);
            transaction.inside(true);
            cache.put("k", "uncommitted");
            cache.putAsync("l", "uncommitted").join();
            transaction.inside(false);
            assertThat(cache.asMap()).isEqualTo(Map.of("k", "old", "l", "old"));
            transaction.inside(true);
            transaction.end(Completion.COMMITTED);
            assertThat(cache.asMap()).isEmpty();
            assertThat(cache.stats().puts()).isZero();
        }
    }

    @Test
    void writeThrough_tierLostWhileItFails_throwsWhatItThrew() {
        InMemoryRemoteTier remote = new InMemoryRemoteTier();
        try (Caches caches = Caches.builder().remote(remote.node()).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            assertThatThrownBy(() -> cache.writeThrough("k", () -> {
                        remote.unreachable(true);
                        return down("k");
                    }))
                    .hasMessage("down")
                    .satisfies(failure -> assertThat(failure.getSuppressed())
                            .hasExactlyElementsOfTypes(InvalidationPendingException.class));
        }
    }

    @Test
    void put_listener_hearsWhatBecameOfIt() {
        InMemoryRemoteTier remote = new InMemoryRemoteTier();
        List<CacheEvent> events = new ArrayList<>();
        try (Caches caches =
                Caches.builder().remote(remote.node()).listener(events::add).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            cache.put("k", "put");
            assertThat(events).containsExactly(new CacheEvent.Put("c", "k", true));
            cache.writeThrough("k", () -> {
                cache.invalidate("k");
                return "overtaken";
            });
            assertThat(events).endsWith(new CacheEvent.Put("c", "k", false));
            assertThatThrownBy(() -> cache.writeThrough("k", () -> {
                        remote.unreachable(true);
                        return "lost";
                    }))
                    .isInstanceOf(InvalidationPendingException.class);
            assertThat(events).endsWith(new CacheEvent.InvalidationPending("c", 1));
        }
    }

    /** Whatever goes wrong in between, nobody is left waiting. */
    @ParameterizedTest
    @EnumSource
    void put_listenerOrKeyBreaks_callerIsTold(Level level) {
        record Broken() {
            @Override
            public int hashCode() {
                throw new IllegalStateException("no hash");
            }
        }
        CacheListener breaking = event -> {
            throw new AssertionError("a listener's own");
        };
        try (Caches caches = level.caches().listener(breaking).build()) {
            Cache<String, String> texts = caches.cache("texts", String.class, String.class);
            assertTold(texts.putAsync("k", "v"), "a listener's own");
            assertTold(texts.invalidateAllAsync(List.of("k")), "a listener's own");
            Cache<Broken, String> broken = caches.cache("broken", Broken.class, String.class);
            assertTold(Steps.begin(() -> broken.putAsync(new Broken(), "v")), "no hash");
        }
    }

    @Test
    void put_absenceUnderCopyOnRead_isNotCopied() {
        TtlPolicy copying = TtlPolicy.named("copying")
                .nullTtl(Duration.ofMinutes(1))
                .copyOnRead(value -> value.toString())
                .build();
        try (Caches caches = Caches.builder().policy(copying).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class, "copying");
            cache.put("k", null);
            assertThat(cache.get("k", this::read)).isNull();
        }
    }

    private static void assertTold(CompletableFuture<?> write, String message) {
        assertThatThrownBy(() -> write.get(30, TimeUnit.SECONDS)).hasRootCauseMessage(message);
    }

    @Test
    void put_tierRefusesTheKey_isGoneHereAndNothingIsWritten() {
        try (Caches caches = Caches.builder().remote(new OvertakingTier()).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            cache.get("unwritable", key -> "unused");
            assertThatThrownBy(() -> cache.writeThrough("unwritable", () -> {
                        database.set("written");
                        return "written";
                    }))
                    .isExactlyInstanceOf(IllegalArgumentException.class);
            assertThat(cache.peek("unwritable")).isNull();
            assertThat(database).hasValue("old");
        }
    }

    @ParameterizedTest
    @EnumSource
    void writeThrough_nullArguments_areRefusedByName(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            assertThatThrownBy(() -> cache.put(null, "v")).hasMessage("key");
            assertThatThrownBy(() -> cache.putAsync(null, "v")).hasMessage("key");
            assertThatThrownBy(() -> cache.writeThrough("k", null)).hasMessage("write");
            assertThatThrownBy(() -> cache.writeThroughAsync("k", null)).hasMessage("write");
        }
    }
}
