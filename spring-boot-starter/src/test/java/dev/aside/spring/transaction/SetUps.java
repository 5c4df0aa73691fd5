package dev.aside.spring.transaction;

import dev.aside.spring.transaction.Shop.Tier;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** What tests run in: transaction managers times cache levels. */
final class SetUps {
    private SetUps() {}

    static Stream<Arguments> all() {
        return of(Manager.values());
    }

    /** Those with savepoints and autocommit. */
    static Stream<Arguments> jdbc() {
        return of(Manager.DATA_SOURCE, Manager.JDBC);
    }

    static Stream<Arguments> jpa() {
        return of(Manager.JPA);
    }

    private static Stream<Arguments> of(Manager... managers) {
        return Arrays.stream(managers)
                .flatMap(manager -> Arrays.stream(Tier.values()).map(tier -> Arguments.of(manager, tier)));
    }
}
