package dev.aside.spring.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.spring.transaction.Shop.Tier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Caches beside Spring's transactions on a real database. */
class SpringTransactionIT {
    private static final String ALL = "dev.aside.spring.transaction.SetUps#all";
    private static final String JDBC = "dev.aside.spring.transaction.SetUps#jdbc";

    private final PriceDatabase database = PriceDatabase.shared();

    @BeforeEach
    void reset() {
        database.reset();
    }

    private Shop open(Manager manager, Tier tier) {
        Shop shop = tier.open(database.access(manager));
        assertThat(shop.prices.of("a")).isEqualTo(1);
        assertThat(shop.prices.of("b")).isEqualTo(1);
        return shop;
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void write_untilTheCommit_othersSeeTheOldValueAndTheWriterItsOwn(Manager manager, Tier tier) {
        try (Shop shop = open(manager, tier)) {
            shop.transaction().executeWithoutResult(status -> {
                shop.prices.set("a", 2);
                shop.prices.set("a", 3);
                assertThat(shop.prices.of("a")).isEqualTo(3);
                assertThat(shop.readElsewhere("a")).isEqualTo(1);
                assertThat(shop.invalidations()).isZero();
            });
            assertThat(shop.invalidations()).as("once for the transaction").isEqualTo(1);
            assertThat(shop.readElsewhere("a")).isEqualTo(3);
            assertThat(shop.prices.of("a")).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void read_insideAWriter_fillsNothing(Manager manager, Tier tier) {
        try (Shop shop = tier.open(database.access(manager))) {
            shop.transaction().executeWithoutResult(status -> {
                shop.database.set("a", 7); // past the cache: nobody but this transaction may see it
                assertThat(shop.prices.of("a")).isEqualTo(7);
                assertThat(shop.readElsewhere("a")).isEqualTo(1);
                status.setRollbackOnly();
            });
            assertThat(shop.prices.of("a")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void rollback_afterTheWrite_invalidatesNothing(Manager manager, Tier tier) {
        try (Shop shop = open(manager, tier)) {
            shop.transaction().executeWithoutResult(status -> {
                shop.prices.set("a", 2);
                status.setRollbackOnly();
            });
            assertNothingEvicted(shop);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void exception_afterTheWrite_invalidatesNothing(Manager manager, Tier tier) {
        try (Shop shop = open(manager, tier)) {
            assertThatThrownBy(() -> shop.transaction().executeWithoutResult(status -> {
                        shop.prices.set("a", 2);
                        throw new IllegalStateException("after the write");
                    }))
                    .hasMessage("after the write");
            assertNothingEvicted(shop);
        }
    }

    /** The outer one commits, and learns only then that it cannot. */
    @ParameterizedTest
    @MethodSource(ALL)
    void exception_inAParticipantThatIsForgiven_invalidatesNothing(Manager manager, Tier tier) {
        try (Shop shop = open(manager, tier)) {
            assertThatThrownBy(() -> shop.transaction().executeWithoutResult(status -> {
                        shop.prices.set("a", 2);
                        assertThatThrownBy(() -> shop.transaction().executeWithoutResult(inner -> {
                                    throw new IllegalStateException("forgiven");
                                }))
                                .hasMessage("forgiven");
                    }))
                    .isInstanceOf(TransactionException.class);
            assertNothingEvicted(shop);
        }
    }

    private static void assertNothingEvicted(Shop shop) {
        assertThat(shop.invalidations()).isZero();
        long before = shop.loads();
        assertThat(shop.prices.of("a")).isEqualTo(1);
        assertThat(shop.prices.of("b")).isEqualTo(1);
        assertThat(shop.loads()).as("loads").isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource(JDBC)
    void nested_rolledBackToItsSavepoint_leavesNothingStale(Manager manager, Tier tier) {
        try (Shop shop = open(manager, tier)) {
            shop.transaction().executeWithoutResult(status -> {
                shop.prices.set("a", 2);
                shop.transaction(TransactionDefinition.PROPAGATION_NESTED).executeWithoutResult(nested -> {
                    shop.prices.set("b", 2);
                    assertThat(shop.prices.of("b")).isEqualTo(2);
                    nested.setRollbackOnly();
                });
                assertThat(shop.prices.of("a")).isEqualTo(2);
                assertThat(shop.prices.of("b")).isEqualTo(1);
            });
            assertThat(shop.prices.of("a")).isEqualTo(2);
            assertThat(shop.prices.of("b")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource(JDBC)
    void nested_insideARollback_invalidatesNothing(Manager manager, Tier tier) {
        try (Shop shop = open(manager, tier)) {
            shop.transaction().executeWithoutResult(status -> {
                shop.transaction(TransactionDefinition.PROPAGATION_NESTED)
                        .executeWithoutResult(nested -> shop.prices.set("b", 2));
                assertThat(shop.invalidations()).isZero();
                status.setRollbackOnly();
            });
            assertNothingEvicted(shop);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void requiresNew_insideARollback_invalidatesItsOwnAtOnce(Manager manager, Tier tier) {
        try (Shop shop = open(manager, tier)) {
            shop.transaction().executeWithoutResult(status -> {
                shop.prices.set("a", 2);
                shop.requiresNew().executeWithoutResult(inner -> {
                    assertThat(shop.prices.of("a")).as("not its own write").isEqualTo(1);
                    shop.prices.set("b", 2);
                });
                assertThat(shop.invalidations()).isEqualTo(1);
                assertThat(shop.readElsewhere("b")).isEqualTo(2);
                assertThat(shop.readElsewhere("a")).isEqualTo(1);
                assertThat(shop.prices.of("a"))
                        .as("the outer one knows its write again")
                        .isEqualTo(2);
                status.setRollbackOnly();
            });
            assertThat(shop.invalidations()).isEqualTo(1);
            assertThat(shop.prices.of("a")).isEqualTo(1);
            assertThat(shop.prices.of("b")).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void requiresNew_rolledBackInsideACommit_invalidatesNothingOfItsOwn(Manager manager, Tier tier) {
        try (Shop shop = open(manager, tier)) {
            shop.transaction().executeWithoutResult(status -> {
                shop.prices.set("a", 2);
                shop.requiresNew().executeWithoutResult(inner -> {
                    shop.prices.set("b", 2);
                    inner.setRollbackOnly();
                });
            });
            assertThat(shop.invalidations()).isEqualTo(1);
            long before = shop.loads();
            assertThat(shop.prices.of("b")).isEqualTo(1);
            assertThat(shop.loads()).isEqualTo(before);
            assertThat(shop.prices.of("a")).isEqualTo(2);
        }
    }

    /** What is read there is committed, kept, and gone with the commit of the transaction around it. */
    @ParameterizedTest
    @MethodSource(ALL)
    void notSupported_insideAWriter_fillsWithWhatIsCommitted(Manager manager, Tier tier) {
        try (Shop shop = tier.open(database.access(manager))) {
            shop.transaction().executeWithoutResult(status -> {
                shop.prices.set("a", 2);
                shop.transaction(TransactionDefinition.PROPAGATION_NOT_SUPPORTED)
                        .executeWithoutResult(none -> {
                            assertThat(shop.prices.of("a")).isEqualTo(1);
                            long before = shop.loads();
                            assertThat(shop.prices.of("a")).isEqualTo(1);
                            assertThat(shop.loads()).isEqualTo(before);
                        });
                assertThat(shop.prices.of("a")).isEqualTo(2);
            });
            assertThat(shop.prices.of("a")).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource(JDBC)
    void notSupported_writeInsideARollback_invalidatesAtOnce(Manager manager, Tier tier) {
        try (Shop shop = open(manager, tier)) {
            shop.transaction().executeWithoutResult(status -> {
                shop.prices.set("a", 2);
                shop.transaction(TransactionDefinition.PROPAGATION_NOT_SUPPORTED)
                        .executeWithoutResult(none -> shop.prices.set("b", 2));
                assertThat(shop.invalidations()).isEqualTo(1);
                status.setRollbackOnly();
            });
            assertThat(shop.prices.of("b")).isEqualTo(2);
            assertThat(shop.prices.of("a")).isEqualTo(1);
            assertThat(shop.invalidations()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void afterCommitAction_registeredFirst_runsAfterTheInvalidation(Manager manager, Tier tier) {
        try (Shop shop = open(manager, tier)) {
            List<Number> seen = new ArrayList<>();
            shop.transaction().executeWithoutResult(status -> {
                Actions.afterCommit(() -> {
                    seen.add(shop.invalidations());
                    seen.add(shop.readElsewhere("a"));
                    seen.add(shop.prices.of("a"));
                });
                shop.prices.set("a", 2);
            });
            assertThat(seen).containsExactly(1L, 2, 2);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void write_inAnAfterCommitAction_invalidates(Manager manager, Tier tier) {
        try (Shop shop = open(manager, tier)) {
            shop.transaction()
                    .executeWithoutResult(status -> Actions.afterCommit(
                            () -> shop.requiresNew().executeWithoutResult(inner -> shop.prices.set("b", 2))));
            assertThat(shop.prices.of("b")).isEqualTo(2);
            assertThat(shop.invalidations()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void transactions_ended_leaveNothingOnTheThread(Manager manager, Tier tier) {
        try (Shop shop = open(manager, tier)) {
            shop.transaction().executeWithoutResult(status -> {
                shop.prices.set("a", 2);
                shop.requiresNew().executeWithoutResult(inner -> shop.prices.set("b", 2));
            });
            shop.transaction().executeWithoutResult(status -> {
                shop.prices.set("a", 3);
                status.setRollbackOnly();
            });
            assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
        }
    }
}
