package dev.aside.spring.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.FencedWriteRefusedException;
import dev.aside.cache.InMemoryRemoteTier;
import dev.aside.spring.transaction.Shop.Tier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Writes that are announced before the commit of one of Spring's transactions. */
class FencedTransactionIT {
    private final PriceDatabase database = PriceDatabase.shared();

    @BeforeEach
    void reset() {
        database.reset();
    }

    /** While the fence stands, what others load is the state before the commit, and is kept nowhere. */
    @ParameterizedTest
    @EnumSource
    void fencedWrite_commit_isAnnouncedBeforeAndEndedAfterIt(Manager manager) {
        try (Shop shop = Tier.REMOTE.open(database.access(manager))) {
            shop.prices.of("a");
            shop.transaction().executeWithoutResult(status -> {
                shop.prices.setFenced("a", 2);
                // after the fence, because it is registered after it
                Actions.beforeCommit(() -> {
                    assertThat(shop.readElsewhere("a")).isEqualTo(1);
                    long before = shop.loads();
                    assertThat(shop.readElsewhere("a")).isEqualTo(1);
                    assertThat(shop.loads()).as("not kept").isEqualTo(before + 1);
                });
            });
            assertThat(shop.readElsewhere("a")).isEqualTo(2);
            long before = shop.loads();
            assertThat(shop.prices.of("a")).isEqualTo(2);
            assertThat(shop.loads()).as("kept again").isEqualTo(before);
            assertThat(shop.invalidations()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.aside.spring.transaction.SetUps#all")
    void fencedWrite_rollbackAfterTheFence_endsIt(Manager manager, Tier tier) {
        try (Shop shop = tier.open(database.access(manager))) {
            shop.prices.of("a");
            assertThatThrownBy(() -> shop.transaction().executeWithoutResult(status -> {
                        shop.prices.setFenced("a", 2);
                        Actions.beforeCommit(() -> {
                            throw new IllegalStateException("another participant refuses");
                        });
                    }))
                    .hasMessage("another participant refuses");
            assertThat(shop.prices.of("a")).isEqualTo(1);
            long before = shop.loads();
            assertThat(shop.prices.of("a")).isEqualTo(1);
            assertThat(shop.loads()).as("no fence is left").isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void fencedWrite_tierUnreachableAtTheCommit_rollsBack(Manager manager) {
        InMemoryRemoteTier remote = new InMemoryRemoteTier();
        try (Shop shop = new Shop(database.access(manager), remote.node())) {
            assertThatThrownBy(() -> shop.transaction().executeWithoutResult(status -> {
                        shop.prices.setFenced("a", 2);
                        remote.unreachable(true);
                    }))
                    .isExactlyInstanceOf(FencedWriteRefusedException.class);
            remote.unreachable(false);
            assertThat(database.price("a")).isEqualTo(1);
            assertThat(shop.prices.of("a")).isEqualTo(1);
        }
    }

    /** By then Spring has made its list of what runs before the commit. */
    @ParameterizedTest
    @EnumSource
    void fencedWrite_inABeforeCommitAction_isAnnouncedStill(Manager manager) {
        InMemoryRemoteTier remote = new InMemoryRemoteTier();
        try (Shop shop = new Shop(database.access(manager), remote.node())) {
            remote.unreachable(true);
            assertThatThrownBy(() -> shop.transaction()
                            .executeWithoutResult(status -> Actions.beforeCommit(() -> shop.prices.setFenced("a", 2))))
                    .isExactlyInstanceOf(FencedWriteRefusedException.class);
            remote.unreachable(false);
            assertThat(database.price("a")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void write_inABeforeCommitAction_isInvalidatedAfterTheCommit(Manager manager) {
        try (Shop shop = Tier.REMOTE.open(database.access(manager))) {
            shop.prices.of("a");
            shop.transaction().executeWithoutResult(status -> Actions.beforeCommit(() -> shop.prices.set("a", 2)));
            assertThat(shop.invalidations()).isEqualTo(1);
            assertThat(shop.prices.of("a")).isEqualTo(2);
        }
    }
}
