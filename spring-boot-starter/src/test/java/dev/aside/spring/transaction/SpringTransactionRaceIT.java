package dev.aside.spring.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.aside.spring.transaction.Shop.Tier;
import dev.aside.testkit.FaultProxy;
import dev.aside.testkit.FaultProxy.Direction;
import dev.aside.testkit.PostgresServer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.transaction.TransactionDefinition;

/** Caches beside transactions that overlap, and one whose commit gets no answer. */
class SpringTransactionRaceIT {
    private static final String ALL = "dev.aside.spring.transaction.SetUps#all";

    private final PriceDatabase database = PriceDatabase.shared();

    @BeforeEach
    void reset() {
        database.reset();
    }

    /** Threads that stop at a point of their way until they are let through. */
    private static final class Gate {
        private final CountDownLatch arrived = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);

        void pass() {
            arrived.countDown();
            await(open);
        }

        void awaitArrival() {
            await(arrived);
        }

        void open() {
            open.countDown();
        }

        private static void await(CountDownLatch latch) {
            try {
                assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static CompletableFuture<Void> start(Runnable task) {
        return CompletableFuture.runAsync(task).orTimeout(30, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void twoWriters_oneWaitsForTheOther_eachCommitInvalidates(Manager manager, Tier tier) {
        try (Shop shop = tier.open(database.access(manager))) {
            shop.prices.of("a");
            Gate written = new Gate();
            CompletableFuture<Void> second = secondWriter(shop, written, true);
            assertThat(shop.prices.of("a")).as("between the commits").isEqualTo(2);
            written.open();
            second.join();
            assertThat(shop.prices.of("a")).isEqualTo(3);
            assertThat(shop.readElsewhere("a")).isEqualTo(3);
            assertThat(shop.invalidations()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void twoWriters_theSecondRollsBack_theFirstsValueStays(Manager manager, Tier tier) {
        try (Shop shop = tier.open(database.access(manager))) {
            shop.prices.of("a");
            Gate written = new Gate();
            CompletableFuture<Void> second = secondWriter(shop, written, false);
            assertThat(shop.prices.of("a")).isEqualTo(2);
            long before = shop.loads();
            written.open();
            second.join();
            assertThat(shop.prices.of("a")).isEqualTo(2);
            assertThat(shop.loads()).isEqualTo(before);
            assertThat(shop.invalidations()).isEqualTo(1);
        }
    }

    /** Writes 2 and commits while another waits to write 3; returns when that one has written and not committed. */
    private CompletableFuture<Void> secondWriter(Shop shop, Gate written, boolean commits) {
        CompletableFuture<Void> second = shop.transaction().execute(status -> {
            shop.prices.set("a", 2);
            CompletableFuture<Void> waiting = start(() -> shop.transaction().executeWithoutResult(other -> {
                shop.prices.set("a", 3);
                assertThat(shop.prices.of("a")).isEqualTo(3);
                written.pass();
                if (!commits) {
                    other.setRollbackOnly();
                }
            }));
            await().until(database::someoneWaitsForALock);
            return waiting;
        });
        written.awaitArrival();
        return second;
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void load_overtakenByACommit_isNotKept(Manager manager, Tier tier) {
        try (Shop shop = tier.open(database.access(manager))) {
            Gate read = new Gate();
            shop.afterRead(read::pass);
            CompletableFuture<Void> reader = start(() -> shop.prices.of("a"));
            read.awaitArrival();
            shop.afterRead(() -> {});
            shop.transaction().executeWithoutResult(status -> shop.prices.set("a", 2));
            read.open();
            reader.join();
            assertThat(shop.prices.of("a")).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void write_refusedAsNotSerializable_invalidatesNothing(Manager manager, Tier tier) {
        try (Shop shop = tier.open(database.access(manager))) {
            shop.prices.of("a");
            assertThatThrownBy(() -> shop.transaction(TransactionDefinition.ISOLATION_SERIALIZABLE, false)
                            .executeWithoutResult(status -> {
                                shop.database.of("a");
                                shop.writeElsewhere("a", 2);
                                shop.prices.set("a", 3);
                            }))
                    .hasStackTraceContaining("could not serialize access");
            assertThat(shop.invalidations()).as("the other's").isEqualTo(1);
            assertThat(shop.prices.of("a")).isEqualTo(2);
        }
    }

    /** What Spring makes of it depends on the manager, and on the pool, which is asked to roll back then. */
    @ParameterizedTest
    @MethodSource(ALL)
    void commit_answerLost_invalidates(Manager manager, Tier tier) {
        assertInvalidatesThoughTheAnswerIsLost(manager, tier, source -> source);
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void commit_answerLostOnAPooledConnection_invalidates(Manager manager, Tier tier) {
        try (HikariDataSource pool = new HikariDataSource()) {
            assertInvalidatesThoughTheAnswerIsLost(manager, tier, source -> {
                pool.setDataSource(source);
                pool.setMaximumPoolSize(2);
                return pool;
            });
        }
    }

    private void assertInvalidatesThoughTheAnswerIsLost(Manager manager, Tier tier, UnaryOperator<DataSource> pooled) {
        PostgresServer server = PostgresServer.shared();
        try (FaultProxy proxy = FaultProxy.to(server.host(), server.port());
                Shop shop = tier.open(
                        manager.open(pooled.apply(PriceDatabase.dataSource(proxy.through(database.url())))))) {
            assertThat(shop.prices.of("a")).isEqualTo(1);
            CompletableFuture<Void> writer = start(() -> shop.transaction().executeWithoutResult(status -> {
                shop.prices.set("a", 2);
                Actions.beforeCommit(() -> proxy.blackHole(Direction.TO_CLIENT));
            }));
            await().until(() -> database.price("a") == 2);
            assertThat(shop.readElsewhere("a")).as("the writer waits still").isEqualTo(1);
            proxy.reset();
            proxy.pass();
            assertThatThrownBy(writer::join).isInstanceOf(CompletionException.class);
            assertThat(shop.prices.of("a")).isEqualTo(2);
            assertThat(shop.invalidations()).isEqualTo(1);
        }
    }

    /** Awaited: who writes has committed and waits, until the tier has taken the invalidation. */
    @ParameterizedTest
    @EnumSource
    void commit_invalidationUnderWay_returnsAfterIt(Manager manager) throws InterruptedException {
        SlowTier tier = new SlowTier();
        try (Shop shop = new Shop(database.access(manager), tier)) {
            shop.prices.of("a");
            Thread writer = new Thread(
                    () -> shop.transaction().executeWithoutResult(status -> shop.prices.set("a", 2)), "writer");
            writer.start();
            tier.awaitInvalidation();
            assertThat(database.price("a")).isEqualTo(2);
            await().until(() -> writer.getState() == Thread.State.WAITING || !writer.isAlive());
            assertThat(writer.isAlive()).isTrue();
            tier.answer();
            writer.join(30_000);
            assertThat(writer.isAlive()).isFalse();
            assertThat(shop.prices.of("a")).isEqualTo(2);
        }
    }
}
