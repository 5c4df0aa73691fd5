package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.annotation.CacheInvalidate;
import dev.aside.cache.annotation.CachePut;
import dev.aside.cache.annotation.Cached;
import dev.aside.cache.annotation.Fenced;
import dev.aside.cache.spi.TransactionBridge.Completion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Invalidations that come while a transaction is ending, or after it has. */
class LateInvalidationTest {
    private final ManualTransaction transaction = new ManualTransaction();
    private final List<CacheEvent> events = new ArrayList<>();
    private final Map<String, String> database = new ConcurrentHashMap<>(Map.of("k", "old", "late", "old"));

    interface Rows {
        @Cached(name = "row")
        String find(String key);

        @CacheInvalidate(name = "row", key = "key")
        CompletableFuture<Void> set(String key, CompletableFuture<Void> written);

        @CachePut(name = "row", key = "key")
        CompletableFuture<String> put(String key, CompletableFuture<String> written);

        @CacheInvalidate(name = "row", key = "key", fenced = Fenced.REQUIRED)
        void setFenced(String key);

        @CacheInvalidate(name = "row", key = "key", fenced = Fenced.PREFERRED)
        void setPreferred(String key);
    }

    private final class Table implements Rows {
        @Override
        public String find(String key) {
            return database.get(key);
        }

        @Override
        public CompletableFuture<Void> set(String key, CompletableFuture<Void> written) {
            return written;
        }

        @Override
        public CompletableFuture<String> put(String key, CompletableFuture<String> written) {
            return written;
        }

        @Override
        public void setFenced(String key) {}

        @Override
        public void setPreferred(String key) {}
    }

    private Caches caches() {
        return Caches.builder().transactions(transaction).listener(events::add).build();
    }

    @Test
    void invalidate_afterOursRan_happensAtOnce() {
        try (Caches caches = caches()) {
            Cache<String, String> cache = caches.cache("row", String.class, String.class);
            cache.get("k", database::get);
            cache.get("late", database::get);
            transaction.inside(true);
            cache.invalidate("k");
            transaction.afterCommit(() -> cache.invalidate("late"));
            transaction.end(Completion.COMMITTED);

            assertThat(cache.peek("k")).isNull();
            assertThat(cache.peek("late")).isNull();
        }
    }

    /** Nobody tells of the commit what is registered while after-commit actions run. */
    @Test
    void invalidate_firstTouchInsideAnAfterCommitAction_isNotLost() {
        try (Caches caches = caches()) {
            Cache<String, String> cache = caches.cache("row", String.class, String.class);
            cache.get("k", database::get);
            transaction.inside(true);
            List<CompletableFuture<Void>> told = new ArrayList<>();
            transaction.afterCommit(() -> told.add(cache.invalidateAllAsync(List.of("k"))));
            transaction.end(Completion.COMMITTED);

            assertThat(cache.peek("k")).isNull();
            assertThat(told.get(0)).isCompleted();
        }
    }

    @Test
    void invalidate_registrationFailedOnce_isTriedAgain() {
        try (Caches caches = caches()) {
            Cache<String, String> cache = caches.cache("row", String.class, String.class);
            cache.get("k", database::get);
            transaction.inside(true);
            transaction.refuse(1);
            assertThatThrownBy(() -> cache.invalidate("k")).hasMessage("no registrations now");
            cache.invalidate("k");
            transaction.end(Completion.COMMITTED);

            assertThat(cache.peek("k")).isNull();
        }
    }

    /** The write ends after its own transaction, on a thread that is inside another. */
    @Test
    void asyncWrite_endsInsideAnother_invalidatesForItself() {
        ManualTransaction other = new ManualTransaction();
        ManualTransaction[] current = {transaction};
        try (Caches caches = Caches.builder()
                .transactions(new SwitchingBridge(() -> current[0]))
                .build()) {
            Rows rows = caches.proxy(Rows.class, new Table());
            CompletableFuture<Void> set = new CompletableFuture<>();
            CompletableFuture<String> put = new CompletableFuture<>();
            transaction.inside(true);
            CompletableFuture<Void> setting = rows.set("k", set);
            CompletableFuture<String> putting = rows.put("late", put);
            transaction.end(Completion.COMMITTED);
            rows.find("k");
            rows.find("late");
            database.putAll(Map.of("k", "new", "late", "new"));
            current[0] = other;
            other.inside(true);
            set.complete(null);
            put.complete("new");
            setting.join();
            putting.join();
            other.end(Completion.ROLLED_BACK);

            assertThat(rows.find("k")).isEqualTo("new");
            assertThat(rows.find("late")).isEqualTo("new");
        }
    }

    /** The transaction's own invalidation has been done, and the old value is back before the write is. */
    @Test
    void asyncWrite_endsInsideAnAfterCommitAction_invalidatesForItself() {
        try (Caches caches = caches()) {
            Rows rows = caches.proxy(Rows.class, new Table());
            CompletableFuture<Void> set = new CompletableFuture<>();
            transaction.inside(true);
            rows.set("k", set);
            transaction.afterCommit(() -> {
                CompletableFuture.runAsync(() -> rows.find("k")).join();
                database.put("k", "new");
                set.complete(null);
            });
            transaction.end(Completion.COMMITTED);

            assertThat(rows.find("k")).isEqualTo("new");
        }
    }

    @Test
    void asyncWrite_endsAfterARollback_invalidatesForItself() {
        try (Caches caches = caches()) {
            Rows rows = caches.proxy(Rows.class, new Table());
            CompletableFuture<Void> set = new CompletableFuture<>();
            transaction.inside(true);
            rows.set("k", set);
            transaction.end(Completion.ROLLED_BACK);
            rows.find("k");
            database.put("k", "new");
            set.complete(null);

            assertThat(rows.find("k")).isEqualTo("new");
        }
    }

    @Test
    void get_afterAClearInItsOwnTransaction_readsPastTheCache() {
        try (Caches caches = caches()) {
            Cache<String, String> cache = caches.cache("row", String.class, String.class);
            cache.get("k", database::get);
            transaction.inside(true);
            cache.invalidateAll();
            database.put("k", "new");

            assertThat(cache.get("k", database::get)).isEqualTo("new");
        }
    }

    @Test
    void preferredFence_tierUnreachableAtTheCommit_goesOn() {
        InMemoryRemoteTier remote = new InMemoryRemoteTier();
        try (Caches caches =
                Caches.builder().transactions(transaction).remote(remote.node()).build()) {
            Rows rows = caches.proxy(Rows.class, new Table());
            rows.find("k");
            transaction.inside(true);
            rows.setPreferred("k");
            remote.unreachable(true);
            transaction.end(Completion.COMMITTED);
            database.put("k", "new");
            remote.unreachable(false);

            assertThat(rows.find("k")).isEqualTo("new");
        }
    }

    @Test
    void fencedWrite_insideAnAfterCommitAction_isNotLost() {
        try (Caches caches = caches()) {
            Rows rows = caches.proxy(Rows.class, new Table());
            rows.find("late");
            transaction.inside(true);
            rows.setFenced("k");
            transaction.afterCommit(() -> {
                database.put("late", "new");
                rows.setFenced("late");
            });
            transaction.end(Completion.COMMITTED);

            assertThat(rows.find("late")).isEqualTo("new");
        }
    }

    /** Another participant writes once the fences have been announced. */
    @Test
    void fencedWrite_insideABeforeCommitAction_isAnnouncedAtOnce() {
        InMemoryRemoteTier remote = new InMemoryRemoteTier();
        try (Caches caches =
                Caches.builder().transactions(transaction).remote(remote.node()).build()) {
            Rows rows = caches.proxy(Rows.class, new Table());
            transaction.inside(true);
            rows.setFenced("k");
            List<Throwable> refused = new ArrayList<>();
            transaction.beforeCommit(() -> {
                remote.unreachable(true);
                try {
                    rows.setFenced("late");
                } catch (FencedWriteRefusedException e) {
                    refused.add(e);
                }
                remote.unreachable(false);
            });
            transaction.end(Completion.COMMITTED);

            assertThat(refused).hasSize(1);
        }
    }

    @Test
    void invalidate_tierRefusesTheKeyAfterTheCommit_anEventTells() {
        try (Caches caches = Caches.builder()
                .transactions(transaction)
                .remote(new OvertakingTier())
                .listener(events::add)
                .build()) {
            Cache<String, String> cache = caches.cache("row", String.class, String.class);
            transaction.inside(true);
            cache.invalidate("unwritable");
            transaction.end(Completion.COMMITTED);

            assertThat(events).singleElement().isInstanceOf(CacheEvent.InvalidationFailed.class);
        }
    }
}
