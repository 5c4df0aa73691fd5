package dev.aside.spring.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.spi.TransactionBridge.Isolation;
import dev.aside.spring.transaction.Shop.Tier;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** What may be kept of that which a transaction reads, at all levels of isolation. */
class IsolationIT {
    private static final String JDBC = "dev.aside.spring.transaction.SetUps#jdbc";
    private static final String JPA = "dev.aside.spring.transaction.SetUps#jpa";

    private final PriceDatabase database = PriceDatabase.shared();

    @BeforeEach
    void reset() {
        database.reset();
    }

    static Stream<Arguments> levels() {
        return SetUps.all()
                .flatMap(setUp -> Stream.of(
                                TransactionDefinition.ISOLATION_DEFAULT,
                                TransactionDefinition.ISOLATION_READ_UNCOMMITTED,
                                TransactionDefinition.ISOLATION_READ_COMMITTED,
                                TransactionDefinition.ISOLATION_REPEATABLE_READ,
                                TransactionDefinition.ISOLATION_SERIALIZABLE)
                        .flatMap(level -> Stream.of(true, false)
                                .map(readOnly -> Arguments.of(setUp.get()[0], setUp.get()[1], level, readOnly))));
    }

    /** The transaction has a snapshot, or an entity, from before the other's write. */
    @ParameterizedTest
    @MethodSource("levels")
    void read_afterAnothersCommit_leavesNothingOldBehind(Manager manager, Tier tier, int level, boolean readOnly) {
        try (Shop shop = tier.open(database.access(manager))) {
            shop.transaction(level, readOnly).executeWithoutResult(status -> {
                assertThat(shop.database.of("a")).isEqualTo(1);
                shop.writeElsewhere("a", 2);
                assertThat(shop.prices.of("a")).isEqualTo(shop.database.of("a"));
            });
            assertThat(shop.prices.of("a")).isEqualTo(2);
            assertThat(shop.readElsewhere("a")).isEqualTo(2);
        }
    }

    /** After-completion actions share a connection, or a persistence context, that is no longer a transaction's. */
    @ParameterizedTest
    @MethodSource("levels")
    void read_inAnAfterCompletionAction_isOfWhatIsCommitted(Manager manager, Tier tier, int level, boolean readOnly) {
        try (Shop shop = tier.open(database.access(manager))) {
            List<Integer> seen = new ArrayList<>();
            shop.transaction(level, readOnly).executeWithoutResult(status -> {
                shop.database.of("a");
                Actions.afterCompletion(() -> shop.database.of("a"));
                Actions.afterCompletion(() -> {
                    shop.writeElsewhere("a", 2);
                    seen.add(shop.prices.of("a"));
                });
            });
            assertThat(seen).containsExactly(2);
            assertThat(shop.readElsewhere("a")).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource(JDBC)
    void readOnly_atReadCommittedOrThatByDefault_fills(Manager manager, Tier tier) {
        for (int level :
                List.of(TransactionDefinition.ISOLATION_DEFAULT, TransactionDefinition.ISOLATION_READ_COMMITTED)) {
            try (Shop shop = tier.open(database.access(manager))) {
                shop.transaction(level, true).executeWithoutResult(status -> shop.prices.of("a"));
                assertThat(loadsOfOneMoreRead(shop)).isZero();
            }
        }
    }

    @ParameterizedTest
    @MethodSource(JDBC)
    void readOnly_aboveReadCommitted_doesNotFill(Manager manager, Tier tier) {
        for (int level : List.of(
                TransactionDefinition.ISOLATION_REPEATABLE_READ, TransactionDefinition.ISOLATION_SERIALIZABLE)) {
            try (Shop shop = tier.open(database.access(manager))) {
                shop.transaction(level, true).executeWithoutResult(status -> shop.prices.of("a"));
                assertThat(loadsOfOneMoreRead(shop)).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(JPA)
    void readOnly_inAPersistenceContext_doesNotFill(Manager manager, Tier tier) {
        try (Shop shop = tier.open(database.access(manager))) {
            shop.transaction(TransactionDefinition.ISOLATION_READ_COMMITTED, true)
                    .executeWithoutResult(status -> shop.prices.of("a"));
            assertThat(loadsOfOneMoreRead(shop)).isEqualTo(1);
        }
    }

    /** The transaction around it is suspended, but its connection is there, with what it has not committed. */
    @ParameterizedTest
    @MethodSource(JDBC)
    void readOnly_insideAWriterToAnotherDataSource_doesNotFill(Manager manager, Tier tier) {
        TransactionTemplate other =
                new TransactionTemplate(new DataSourceTransactionManager(PriceDatabase.dataSource(database.url())));
        other.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        other.setReadOnly(true);
        try (Shop shop = tier.open(database.access(manager))) {
            shop.transaction().executeWithoutResult(status -> {
                shop.database.set("a", 7);
                other.executeWithoutResult(
                        inner -> assertThat(shop.prices.of("a")).isEqualTo(7));
                status.setRollbackOnly();
            });
            assertThat(shop.prices.of("a")).isEqualTo(1);
        }
    }

    private static long loadsOfOneMoreRead(Shop shop) {
        long before = shop.loads();
        shop.prices.of("a");
        return shop.loads() - before;
    }

    @ParameterizedTest
    @ValueSource(strings = {"repeatable read", "serializable"})
    void default_ofTheDatabaseAboveReadCommitted_doesNotFill(String level) {
        DataSource source = PriceDatabase.dataSource(
                database.url() + "&options=-c%20default_transaction_isolation=" + level.replace(" ", "%5C%20"));
        try (Shop shop = Tier.LOCAL.open(Manager.JDBC.open(source))) {
            shop.transaction(TransactionDefinition.ISOLATION_DEFAULT, true).executeWithoutResult(status -> {
                assertThat(new SpringTransactionBridge().isolation())
                        .isEqualTo(Isolation.valueOf(level.replace(' ', '_').toUpperCase(Locale.ROOT)));
                shop.prices.of("a");
            });
            assertThat(loadsOfOneMoreRead(shop)).isEqualTo(1);
        }
    }

    @Test
    void default_ofTheDatabase_isAskedForOncePerDataSource() {
        AtomicInteger questions = new AtomicInteger();
        DataSource counted = new DelegatingDataSource(PriceDatabase.dataSource(database.url())) {
            @Override
            public Connection getConnection() throws SQLException {
                return counting(super.getConnection(), questions);
            }
        };
        try (Shop shop = Tier.LOCAL.open(Manager.JDBC.open(counted))) {
            for (String sku : List.of("a", "b")) {
                shop.transaction(TransactionDefinition.ISOLATION_DEFAULT, true)
                        .executeWithoutResult(status -> shop.prices.of(sku));
            }
            assertThat(questions).hasValue(1);
        }
    }

    private static Connection counting(Connection connection, AtomicInteger questions) {
        return (Connection) Proxy.newProxyInstance(
                IsolationIT.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getTransactionIsolation")) {
                        questions.incrementAndGet();
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
