package dev.aside.spring.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.spring.transaction.Manager.Access;
import dev.aside.spring.transaction.Shop.Tier;
import jakarta.persistence.EntityManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.support.OpenEntityManagerInViewInterceptor;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.context.request.ServletWebRequest;

/** Caches inside a persistence context that is open around a request, or a scope without a transaction. */
class OpenInViewIT {
    private final PriceDatabase database = PriceDatabase.shared();
    private final Access access = database.access(Manager.JPA);

    @BeforeEach
    void reset() {
        database.reset();
    }

    private void inRequest(Runnable work) {
        OpenEntityManagerInViewInterceptor interceptor = new OpenEntityManagerInViewInterceptor();
        interceptor.setEntityManagerFactory(access.factory());
        ServletWebRequest request = new ServletWebRequest(new MockHttpServletRequest());
        interceptor.preHandle(request);
        try {
            work.run();
        } finally {
            interceptor.afterCompletion(request, null);
        }
        assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
    }

    private EntityManager context() {
        return ((EntityManagerHolder) TransactionSynchronizationManager.getResource(access.factory()))
                .getEntityManager();
    }

    @ParameterizedTest
    @EnumSource
    void read_contextHoldsTheOldValue_storesAndGivesTheNewOne(Tier tier) {
        try (Shop shop = tier.open(access)) {
            inRequest(() -> {
                assertThat(shop.database.of("a")).isEqualTo(1);
                shop.writeElsewhere("a", 2);
                assertThat(shop.database.of("a")).as("the context's").isEqualTo(1);
                assertThat(shop.prices.of("a")).isEqualTo(2);
            });
            long before = shop.loads();
            assertThat(shop.readElsewhere("a")).isEqualTo(2);
            assertThat(shop.loads()).as("it was kept").isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void read_returned_leavesTheContextAsItWas(Tier tier) {
        try (Shop shop = tier.open(access)) {
            inRequest(() -> {
                EntityManager mine = context();
                PriceRow managed = mine.find(PriceRow.class, "a");
                shop.prices.of("a");
                assertThat(context()).isSameAs(mine);
                assertThat(context().contains(managed)).isTrue();
                shop.transaction().executeWithoutResult(status -> {
                    managed.price = 5;
                    shop.prices.set("a", 5);
                });
                assertThat(shop.prices.of("a")).isEqualTo(5);
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void read_failed_leavesTheContextAsItWas(Tier tier) {
        try (Shop shop = tier.open(access)) {
            inRequest(() -> {
                EntityManager mine = context();
                shop.afterRead(() -> {
                    throw new IllegalStateException("the load fails");
                });
                assertThatThrownBy(() -> shop.prices.of("a")).hasMessage("the load fails");
                assertThat(context()).isSameAs(mine);
            });
        }
    }

    /** A transaction in the request goes on in its context, so what it reads is not kept. */
    @ParameterizedTest
    @EnumSource
    void read_inATransactionOfTheRequest_isNotKept(Tier tier) {
        try (Shop shop = tier.open(access)) {
            inRequest(() -> {
                shop.database.of("a");
                shop.writeElsewhere("a", 2);
                shop.transaction(TransactionDefinition.ISOLATION_READ_COMMITTED, true)
                        .executeWithoutResult(
                                status -> assertThat(shop.prices.of("a")).isEqualTo(1));
                assertThat(shop.prices.of("a")).isEqualTo(2);
            });
            assertThat(shop.readElsewhere("a")).isEqualTo(2);
        }
    }

    /** The scope keeps a context until its end, although there is no transaction. */
    @ParameterizedTest
    @EnumSource
    void read_inASupportsScopeThatHoldsTheOldValue_storesAndGivesTheNewOne(Tier tier) {
        try (Shop shop = tier.open(access)) {
            TransactionTemplate scope = shop.transaction(TransactionDefinition.PROPAGATION_SUPPORTS);
            scope.setReadOnly(true);
            scope.setName("scope");
            scope.executeWithoutResult(status -> {
                assertThat(shop.database.of("a")).isEqualTo(1);
                shop.writeElsewhere("a", 2);
                shop.afterRead(() -> shop.transaction().executeWithoutResult(inner -> shop.database.of("b")));
                assertThat(shop.prices.of("a")).isEqualTo(2);
                assertThat(shop.database.of("a")).as("the scope's").isEqualTo(1);
                assertThat(TransactionSynchronizationManager.isSynchronizationActive())
                        .isTrue();
                assertThat(TransactionSynchronizationManager.isCurrentTransactionReadOnly())
                        .isTrue();
                assertThat(TransactionSynchronizationManager.getCurrentTransactionName())
                        .isEqualTo("scope");
            });
            assertThat(shop.readElsewhere("a")).isEqualTo(2);
            assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void read_inASupportsScopeInARequest_storesAndGivesTheNewOne(Tier tier) {
        try (Shop shop = tier.open(access)) {
            inRequest(() -> {
                shop.transaction(TransactionDefinition.PROPAGATION_SUPPORTS).executeWithoutResult(status -> {
                    assertThat(shop.database.of("a")).isEqualTo(1);
                    shop.writeElsewhere("a", 2);
                    assertThat(shop.prices.of("a")).isEqualTo(2);
                });
                assertThat(shop.database.of("a")).as("the request's").isEqualTo(1);
            });
        }
    }
}
