package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.annotation.CacheInvalidate;
import dev.aside.cache.annotation.CachePut;
import dev.aside.cache.annotation.Cached;
import dev.aside.cache.annotation.CachedBatch;
import dev.aside.cache.annotation.Fenced;
import dev.aside.cache.spi.TransactionBridge.Isolation;
import dev.aside.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Caches beside real transactions of a real database. */
class TransactionIT {
    private static PostgresServer server;

    private final JdbcTransactions transactions =
            new JdbcTransactions(() -> DriverManager.getConnection(server.jdbcUrl()));
    private final List<String> events = new ArrayList<>();

    @BeforeAll
    static void start() {
        server = PostgresServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    interface Prices {
        @Cached(name = "price")
        Integer of(String sku);

        @CachedBatch(name = "price")
        Map<String, Integer> ofAll(List<String> skus);

        @CacheInvalidate(name = "price", key = "sku")
        void set(String sku, int price);

        @CacheInvalidate(name = "price", key = "sku")
        CompletableFuture<Void> setLater(String sku, int price);

        @CacheInvalidate(name = "price", key = "sku", fenced = Fenced.REQUIRED)
        void setFenced(String sku, int price);

        @CachePut(name = "price", key = "sku", value = "price")
        void put(String sku, int price);

        @CacheInvalidate(name = "price", tags = "none {sku}")
        void setTagged(String sku, int price);
    }

    /** Uses the thread's transaction, or a connection of its own. */
    private final class JdbcPrices implements Prices {
        @Override
        public Integer of(String sku) {
            return transactions.call(connection -> {
                try (PreparedStatement select = connection.prepareStatement("select price from prices where sku = ?")) {
                    select.setString(1, sku);
                    ResultSet row = select.executeQuery();
                    return row.next() ? row.getInt(1) : null;
                }
            });
        }

        @Override
        public Map<String, Integer> ofAll(List<String> skus) {
            Map<String, Integer> all = new TreeMap<>();
            skus.forEach(sku -> all.put(sku, of(sku)));
            return all;
        }

        @Override
        public void set(String sku, int price) {
            transactions.call(connection -> {
                try (PreparedStatement upsert = connection.prepareStatement(
                        "insert into prices values (?, ?) on conflict (sku) do update set price = excluded.price")) {
                    upsert.setString(1, sku);
                    upsert.setInt(2, price);
                    return upsert.executeUpdate();
                }
            });
        }

        @Override
        public CompletableFuture<Void> setLater(String sku, int price) {
            set(sku, price);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void setFenced(String sku, int price) {
            set(sku, price);
        }

        @Override
        public void put(String sku, int price) {
            set(sku, price);
        }

        @Override
        public void setTagged(String sku, int price) {
            set(sku, price);
        }
    }

    @BeforeEach
    void table() throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl())) {
            connection.createStatement().execute("drop table if exists prices");
            connection.createStatement().execute("create table prices (sku text primary key, price int not null)");
            connection.createStatement().execute("insert into prices values ('a', 1), ('b', 1)");
        }
    }

    private Caches caches(Level level) {
        return level.caches()
                .transactions(transactions)
                .listener(event -> events.add(event.getClass().getSimpleName()))
                .build();
    }

    private static <T> T elsewhere(Callable<T> task) {
        return CompletableFuture.supplyAsync(() -> {
                    try {
                        return task.call();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                })
                .join();
    }

    @ParameterizedTest
    @EnumSource
    void write_untilTheCommit_othersSeeTheOldValueAndTheWriterItsOwn(Level level) {
        try (Caches caches = caches(level)) {
            Prices prices = caches.proxy(Prices.class, new JdbcPrices());
            assertThat(prices.of("a")).isEqualTo(1);
            transactions.begin(Isolation.READ_COMMITTED, false);
            prices.set("a", 2);
            prices.set("a", 3);

            assertThat(prices.of("a")).isEqualTo(3);
            assertThat(prices.ofAll(List.of("a", "b"))).isEqualTo(Map.of("a", 3, "b", 1));
            assertThat(elsewhere(() -> prices.of("a"))).isEqualTo(1);
            assertThat(events).doesNotContain("Invalidated");
            transactions.commit();

            assertThat(elsewhere(() -> prices.of("a"))).isEqualTo(3);
            assertThat(prices.of("a")).isEqualTo(3);
            assertThat(events.stream().filter("Invalidated"::equals)).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void read_insideAWritingTransaction_fillsNothing(Level level) {
        try (Caches caches = caches(level)) {
            Prices prices = caches.proxy(Prices.class, new JdbcPrices());
            Cache<?, ?> cache = caches.all().get(0);
            transactions.begin(Isolation.READ_COMMITTED, false);
            // written past the cache: nobody but this transaction may see it
            new JdbcPrices().set("a", 7);
            try (CacheProbe probe = CacheProbe.open()) {
                assertThat(prices.of("a")).isEqualTo(7);
                assertThat(probe.answers())
                        .singleElement()
                        .extracting(Answer::reason)
                        .isEqualTo(Answer.Reason.IN_TRANSACTION);
            }
            assertThat(elsewhere(() -> prices.of("a"))).isEqualTo(1);
            assertThat(prices.of("a")).as("read from the cache, as documented").isEqualTo(1);
            transactions.rollback();
            assertThat(cache.stats().loads()).isEqualTo(2);
            assertThat(prices.of("a")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void rollback_afterWrite_invalidatesNothing(Level level) {
        try (Caches caches = caches(level)) {
            Prices prices = caches.proxy(Prices.class, new JdbcPrices());
            prices.of("a");
            transactions.begin(Isolation.READ_COMMITTED, false);
            prices.set("a", 2);
            transactions.rollback();

            assertThat(events).doesNotContain("Invalidated");
            assertThat(prices.of("a")).isEqualTo(1);
            assertThat(caches.all().get(0).stats().loads()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void commit_outcomeUnknown_invalidates(Level level) {
        try (Caches caches = caches(level)) {
            Prices prices = caches.proxy(Prices.class, new JdbcPrices());
            prices.of("a");
            transactions.begin(Isolation.READ_COMMITTED, false);
            prices.set("a", 2);
            // the server ends the session, so the commit gets no answer
            int pid = transactions.backend();
            elsewhere(() -> {
                try (Connection connection = DriverManager.getConnection(server.jdbcUrl())) {
                    return connection.createStatement().execute("select pg_terminate_backend(" + pid + ")");
                }
            });
            assertThatThrownBy(transactions::commit).hasCauseInstanceOf(SQLException.class);
            assertThat(events).contains("Invalidated");
            assertThat(caches.all().get(0).stats().invalidations()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void read_readOnlyAtReadCommitted_fills(Level level) {
        try (Caches caches = caches(level)) {
            Prices prices = caches.proxy(Prices.class, new JdbcPrices());
            transactions.begin(Isolation.READ_COMMITTED, true);
            prices.of("a");
            transactions.commit();
            prices.of("a");
            assertThat(caches.all().get(0).stats().loads()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void read_oldSnapshot_isNotKept(Level level) {
        try (Caches caches = caches(level)) {
            Prices prices = caches.proxy(Prices.class, new JdbcPrices());
            transactions.begin(Isolation.REPEATABLE_READ, true);
            assertThat(new JdbcPrices().of("b")).isEqualTo(1);
            elsewhere(() -> {
                prices.set("a", 2);
                return null;
            });
            assertThat(prices.of("a")).as("the snapshot").isEqualTo(1);
            transactions.commit();
            assertThat(prices.of("a")).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void programmaticInvalidations_inATransaction_waitForItsCommit(Level level) {
        try (Caches caches = caches(level)) {
            Prices prices = caches.proxy(Prices.class, new JdbcPrices());
            prices.ofAll(List.of("a", "b"));
            transactions.begin(Isolation.READ_COMMITTED, false);
            prices.setLater("a", 5).join();
            caches.invalidate("price", List.of("b"));
            CompletableFuture<Void> cleared = caches.clearAsync("price");
            assertThat(cleared).isNotDone();
            assertThat(elsewhere(() -> prices.of("a"))).isEqualTo(1);
            transactions.commit();
            assertThat(cleared).isCompleted();
            assertThat(prices.of("a")).isEqualTo(5);
            assertThat(events.stream().filter("Invalidated"::equals))
                    .as("one clear is enough")
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void put_inATransaction_isAnInvalidationAfterTheCommit(Level level) {
        try (Caches caches = caches(level)) {
            Prices prices = caches.proxy(Prices.class, new JdbcPrices());
            prices.of("a");
            transactions.begin(Isolation.READ_COMMITTED, false);
            prices.put("a", 2);
            assertThat(prices.of("a")).isEqualTo(2);
            assertThat(elsewhere(() -> prices.of("a"))).as("not committed").isEqualTo(1);
            transactions.rollback();
            assertThat(prices.of("a")).isEqualTo(1);
            assertThat(events).doesNotContain("Invalidated", "Put");

            transactions.begin(Isolation.READ_COMMITTED, false);
            prices.put("a", 3);
            transactions.commit();
            assertThat(prices.of("a")).isEqualTo(3);
            assertThat(events).contains("Invalidated").doesNotContain("Put");
        }
    }

    @ParameterizedTest
    @EnumSource
    void tagInvalidation_inATransaction_waitsForTheCommitAndReadsPastTheCache(Level level) {
        try (Caches caches = caches(level)) {
            Prices prices = caches.proxy(Prices.class, new JdbcPrices());
            prices.of("a");
            transactions.begin(Isolation.READ_COMMITTED, false);
            prices.setTagged("a", 2);
            assertThat(prices.of("a"))
                    .as("nobody knows which keys carry the tag")
                    .isEqualTo(2);
            assertThat(events).doesNotContain("TagsInvalidated");
            transactions.commit();
            assertThat(events.stream().filter("TagsInvalidated"::equals)).hasSize(1);
        }
    }

    /** While the fence stands, what others load is the state before the commit, and is kept nowhere. */
    @ParameterizedTest
    @EnumSource
    void fencedWrite_commit_isAnnouncedBeforeAndEndedAfterIt(Level level) {
        try (Caches caches = caches(level)) {
            Prices prices = caches.proxy(Prices.class, new JdbcPrices());
            prices.of("a");
            transactions.begin(Isolation.READ_COMMITTED, false);
            prices.setFenced("a", 2);
            transactions.beforeCommit(
                    () -> assertThat(elsewhere(() -> prices.of("a"))).isEqualTo(1));
            transactions.commit();
            assertThat(elsewhere(() -> prices.of("a"))).isEqualTo(2);
            assertThat(events.stream().filter("Invalidated"::equals)).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void fencedWrite_rollbackAfterTheFence_endsIt(Level level) {
        try (Caches caches = caches(level)) {
            Prices prices = caches.proxy(Prices.class, new JdbcPrices());
            prices.of("a");
            transactions.begin(Isolation.READ_COMMITTED, false);
            prices.setFenced("a", 2);
            transactions.beforeCommit(() -> {
                throw new IllegalStateException("another participant refuses");
            });
            assertThatThrownBy(transactions::commit).hasMessage("another participant refuses");
            prices.of("a");
            prices.of("a");
            assertThat(prices.of("a")).isEqualTo(1);
            assertThat(caches.all().get(0).stats().loads())
                    .as("no fence is left: values are kept again")
                    .isEqualTo(2);
        }
    }

    @Test
    void fencedWrite_tierUnreachableAtTheCommit_rollsBack() {
        InMemoryRemoteTier remote = new InMemoryRemoteTier();
        try (Caches caches = Caches.builder()
                .remote(remote.node())
                .transactions(transactions)
                .build()) {
            Prices prices = caches.proxy(Prices.class, new JdbcPrices());
            transactions.begin(Isolation.READ_COMMITTED, false);
            prices.setFenced("a", 2);
            remote.unreachable(true);
            assertThatThrownBy(transactions::commit).isExactlyInstanceOf(FencedWriteRefusedException.class);
            remote.unreachable(false);
            assertThat(prices.of("a")).isEqualTo(1);
        }
    }

    @Test
    void invalidateAndWait_inATransaction_isRefused() {
        try (Caches caches = caches(Level.LOCAL)) {
            Cache<String, Integer> cache = caches.cache("price", String.class, Integer.class);
            transactions.begin(Isolation.READ_COMMITTED, false);
            assertThatThrownBy(() -> cache.invalidateAndWait(List.of("a")))
                    .isExactlyInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "cache 'price': invalidateAndWait inside a transaction would have to wait for its commit"
                                    + " [hint: call it after the commit, or use invalidateAll]");
            transactions.rollback();
        }
    }
}
