package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.annotation.CacheInvalidate;
import dev.aside.cache.annotation.CachePut;
import dev.aside.cache.annotation.Cached;
import dev.aside.cache.annotation.Fenced;
import dev.aside.cache.annotation.OnPending;
import dev.aside.cache.spi.TransactionBridge.Completion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Methods that write: announced ones, putting ones, and several annotations on one. */
class FencedTest {

    interface Rows {
        @Cached(name = "row")
        Optional<String> find(String key);

        @CacheInvalidate(name = "row", key = "key", fenced = Fenced.REQUIRED)
        void set(String key, String value);

        @CacheInvalidate(name = "row", key = "keys", fenced = Fenced.PREFERRED)
        CompletionStage<Void> setAll(List<String> keys, String value);

        @CacheInvalidate(name = "row", key = "keys", fenced = Fenced.REQUIRED)
        void setEach(List<String> keys, String value);

        @CacheInvalidate(name = "row", key = "key", fenced = Fenced.REQUIRED)
        CompletableFuture<Void> setLater(String key, String value);

        @CachePut(name = "row", key = "key")
        @CacheInvalidate(name = "list", allEntries = true)
        Optional<String> put(String key, String value);

        @CachePut(name = "row", key = "key", value = "value")
        @CachePut(name = "row", key = "alias", value = "value")
        CompletableFuture<Void> putTwice(String key, String alias, String value);

        @CachePut(name = "row", key = "key")
        @CacheInvalidate(name = "row", key = "other", fenced = Fenced.REQUIRED, onPending = OnPending.THROW)
        String putAndSet(String key, String other, String value);

        @Cached(name = "list")
        List<String> list(int page);
    }

    private final java.util.Map<String, String> database = new java.util.concurrent.ConcurrentHashMap<>();
    private final List<String> calls = new ArrayList<>();
    private Runnable duringWrite = () -> {};

    private class Table implements Rows {
        @Override
        public Optional<String> find(String key) {
            calls.add("find " + key);
            return Optional.ofNullable(database.get(key));
        }

        @Override
        public void set(String key, String value) {
            calls.add("set " + key);
            duringWrite.run();
            database.put(key, value);
        }

        @Override
        public CompletionStage<Void> setAll(List<String> keys, String value) {
            keys.forEach(key -> set(key, value));
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void setEach(List<String> keys, String value) {
            calls.add("set each");
            keys.forEach(key -> set(key, value));
        }

        @Override
        public CompletableFuture<Void> setLater(String key, String value) {
            set(key, value);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public Optional<String> put(String key, String value) {
            set(key, value);
            return Optional.of(value);
        }

        @Override
        public CompletableFuture<Void> putTwice(String key, String alias, String value) {
            return setLater(key, value);
        }

        @Override
        public String putAndSet(String key, String other, String value) {
            set(key, value);
            set(other, value);
            return value;
        }

        @Override
        public List<String> list(int page) {
            calls.add("list");
            return List.of("list " + page);
        }
    }

    @ParameterizedTest
    @EnumSource
    void fenced_readDuringTheWrite_isNotKept(Level level) {
        try (Caches caches = level.caches().build()) {
            Rows rows = caches.proxy(Rows.class, new Table());
            database.put("k", "old");
            rows.find("k");
            duringWrite = () -> assertThat(rows.find("k")).contains("old");
            rows.set("k", "new");
            assertThat(rows.find("k")).contains("new");
            duringWrite = () -> rows.find("k");
            rows.setAll(List.of("k", "l"), "newer").toCompletableFuture().join();
            assertThat(rows.find("k")).contains("newer");
            rows.setLater("k", "newest").join();
            assertThat(rows.find("k")).contains("newest");
        }
    }

    @Test
    void required_tierUnreachable_refusesBeforeTheWrite() {
        InMemoryRemoteTier remote = new InMemoryRemoteTier();
        try (Caches caches = Caches.builder().remote(remote.node()).build()) {
            Rows rows = caches.proxy(Rows.class, new Table());
            remote.unreachable(true);
            assertThatThrownBy(() -> rows.set("k", "new"))
                    .isInstanceOfSatisfying(FencedWriteRefusedException.class, refused -> {
                        assertThat(refused.cache()).isEqualTo("row");
                        assertThat(refused.keys()).isEqualTo(List.of("k"));
                    })
                    .hasMessage(
                            "a write of 1 key(s) of cache 'row' needs a fence, which could not be placed: the remote"
                                    + " tier cannot be reached [hint: nothing was written; repeat it later, or use fenced ="
                                    + " PREFERRED]");
            assertThat(rows.setLater("k", "new")
                            .handle((done, failure) -> failure)
                            .join())
                    .isExactlyInstanceOf(FencedWriteRefusedException.class);
            assertThat(calls).isEmpty();

            rows.setAll(List.of("k"), "written").toCompletableFuture().join();
            assertThat(calls).containsExactly("set k");
        }
    }

    /** There is nothing to announce, so nothing that could not be. */
    @ParameterizedTest
    @EnumSource
    void required_noKeys_isNotRefused(Level level) {
        ManualTransaction transaction = new ManualTransaction();
        try (Caches caches = level.caches().transactions(transaction).build()) {
            Rows rows = caches.proxy(Rows.class, new Table());
            rows.setEach(List.of(), "v");
            transaction.inside(true);
            rows.setEach(List.of(), "v");
            transaction.end(Completion.COMMITTED);
            assertThat(calls).containsExactly("set each", "set each");
        }
    }

    /** The put's intent stands already when the other annotation refuses: it must not stand until its guard time. */
    @Test
    void required_refused_endsWhatOthersHaveAnnounced() {
        InMemoryRemoteTier remote = new InMemoryRemoteTier();
        try (Caches caches = Caches.builder()
                .remote(new RefusingTier(remote.node(), "other"))
                .build()) {
            Rows rows = caches.proxy(Rows.class, new Table());
            assertThatThrownBy(() -> rows.putAndSet("k", "other", "v")).isInstanceOf(FencedWriteRefusedException.class);
            assertThat(calls).isEmpty();
            rows.find("k");
            rows.find("k");
            assertThat(calls).as("no intent is left on k").containsExactly("find k");
        }
    }

    @ParameterizedTest
    @EnumSource
    void put_annotated_takesResultOrPath(Level level) {
        try (Caches caches = level.caches().build()) {
            Rows rows = caches.proxy(Rows.class, new Table());
            rows.list(1);
            assertThat(rows.put("k", "v")).contains("v");
            assertThat(rows.find("k")).contains("v");
            rows.list(1);
            assertThat(calls).containsExactly("list", "set k", "list");

            rows.putTwice("k", "alias", "w").join();
            assertThat(rows.find("k")).contains("w");
            assertThat(rows.find("alias")).contains("w");
            assertThat(rows.putAndSet("k", "alias", "x")).isEqualTo("x");
            calls.clear();
            assertThat(rows.find("k")).contains("x");
            assertThat(rows.find("alias")).contains("x");
            assertThat(calls).containsExactly("find alias");
        }
    }

    @ParameterizedTest
    @EnumSource
    void put_nullKey_onlyRunsTheMethod(Level level) {
        try (Caches caches = level.caches().build()) {
            Rows rows = caches.proxy(Rows.class, new Table() {
                @Override
                public Optional<String> put(String key, String value) {
                    calls.add("put");
                    return Optional.of(value);
                }
            });
            assertThat(rows.put(null, "v")).contains("v");
            assertThat(calls).containsExactly("put");
        }
    }

    @Test
    void put_tierUnreachable_methodReturnsAndAnEventTells() {
        InMemoryRemoteTier remote = new InMemoryRemoteTier();
        List<CacheEvent> events = new ArrayList<>();
        try (Caches caches =
                Caches.builder().remote(remote.node()).listener(events::add).build()) {
            Rows rows = caches.proxy(Rows.class, new Table());
            remote.unreachable(true);
            assertThat(rows.put("k", "v")).contains("v");
            assertThat(events)
                    .containsExactlyInAnyOrder(
                            new CacheEvent.InvalidationPending("row", 1),
                            new CacheEvent.InvalidationPending("list", 0));
        }
    }

    public static final class Failing implements dev.aside.cache.annotation.KeyGenerator<String> {
        @Override
        public String key(java.lang.reflect.Method method, List<Object> arguments) {
            throw new IllegalStateException("no key");
        }
    }

    interface Half {
        @Cached(name = "row")
        String find(String key);

        @CachePut(name = "row", key = "key")
        @CacheInvalidate(name = "other", keyGenerator = Failing.class)
        CompletableFuture<String> put(String key);
    }

    @ParameterizedTest
    @EnumSource
    void write_oneAnnotationFailsBeforehand_othersAreTakenBackAndTheStageFails(Level level) {
        try (Caches caches = level.caches().build()) {
            Half half = caches.proxy(Half.class, new Half() {
                @Override
                public String find(String key) {
                    calls.add("find");
                    return "value";
                }

                @Override
                public CompletableFuture<String> put(String key) {
                    calls.add("put");
                    return CompletableFuture.completedFuture("v");
                }
            });
            assertThat(half.put("k")
                            .handle((value, failure) -> failure.getMessage())
                            .join())
                    .isEqualTo("no key");
            half.find("k");
            half.find("k");
            assertThat(calls).containsExactly("find");
        }
    }
}
