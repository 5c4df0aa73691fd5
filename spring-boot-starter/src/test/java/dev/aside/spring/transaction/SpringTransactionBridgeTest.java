package dev.aside.spring.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.spi.TransactionBridge.Completion;
import dev.aside.cache.spi.TransactionBridge.Isolation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.ResourceHolderSupport;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

class SpringTransactionBridgeTest {
    private final SpringTransactionBridge bridge = new SpringTransactionBridge();
    private final ManualManager manager = new ManualManager();
    private final List<Object> seen = new ArrayList<>();

    @AfterEach
    void nothingIsLeftOnTheThread() {
        assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
        assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isFalse();
    }

    @Test
    void transaction_inside_isTheSameUntilTheEndAndAnotherForRequiresNew() {
        manager.transaction().executeWithoutResult(status -> {
            Object outer = bridge.transaction();
            manager.transaction(TransactionDefinition.PROPAGATION_REQUIRES_NEW)
                    .executeWithoutResult(inner ->
                            assertThat(bridge.transaction()).isNotSameAs(outer).isSameAs(bridge.transaction()));
            manager.transaction()
                    .executeWithoutResult(
                            participant -> assertThat(bridge.transaction()).isSameAs(outer));
            Actions.beforeCommit(() -> seen.add(bridge.transaction()));
            Actions.afterCommit(() -> seen.add(bridge.transaction()));
            assertThat(bridge.transaction()).isSameAs(outer);
            seen.add(outer);
        });
        assertThat(seen).hasSize(3).allMatch(one -> one == seen.get(0));
        manager.transaction()
                .executeWithoutResult(status -> assertThat(bridge.transaction()).isNotSameAs(seen.get(0)));
    }

    @Test
    void active_atTheEnds_isFalseOnceAfterCompletionActionsRun() {
        assertThat(bridge.active()).isFalse();
        manager.transaction().executeWithoutResult(status -> {
            assertThat(bridge.active()).isTrue();
            manager.transaction(TransactionDefinition.PROPAGATION_NOT_SUPPORTED)
                    .executeWithoutResult(none -> assertThat(bridge.active()).isFalse());
            bridge.afterCompletion(completion -> seen.add(bridge.active()));
            Actions.afterCompletion(() -> seen.add(bridge.active()));
        });
        assertThat(seen).containsExactly(false, false);
        manager.transaction(TransactionDefinition.PROPAGATION_SUPPORTS)
                .executeWithoutResult(none -> assertThat(bridge.active()).isFalse());
    }

    @Test
    void active_synchronizationSwitchedOff_isFalse() {
        manager.setTransactionSynchronization(AbstractPlatformTransactionManager.SYNCHRONIZATION_NEVER);
        manager.transaction()
                .executeWithoutResult(status -> assertThat(bridge.active()).isFalse());
    }

    @Test
    void actions_registered_runInOrderAndOthersWhateverOneThrows() {
        assertThatThrownBy(() -> manager.transaction().executeWithoutResult(status -> {
                    Actions.beforeCommit(() -> seen.add("other before"));
                    Actions.afterCommit(() -> seen.add("other after"));
                    bridge.beforeCommit(() -> seen.add("before"));
                    bridge.afterCommit(() -> {
                        throw new IllegalStateException("thrown after the commit");
                    });
                    bridge.afterCommit(() -> seen.add("after"));
                    bridge.afterCompletion(seen::add);
                }))
                .hasMessage("thrown after the commit");
        assertThat(seen).containsExactly("other before", "before", "after", Completion.COMMITTED);
    }

    @Test
    void afterCommit_ours_runsBeforeOthers() {
        manager.transaction().executeWithoutResult(status -> {
            Actions.afterCommit(() -> seen.add("other"));
            bridge.afterCommit(() -> seen.add("ours"));
        });
        assertThat(seen).containsExactly("ours", "other");
    }

    @Test
    void beforeCommit_askedForInABeforeCommitAction_runsAtOnce() {
        assertThatThrownBy(() -> manager.transaction()
                        .executeWithoutResult(status -> Actions.beforeCommit(() -> bridge.beforeCommit(() -> {
                            throw new IllegalStateException("refused");
                        }))))
                .hasMessage("refused");
    }

    static Stream<RuntimeException> failures() {
        return Stream.of(
                // as JpaTransactionManager does it: translated, so that a rollback follows, which does nothing
                new IllegalStateException("the connection broke"),
                new TransactionSystemException("the connection broke"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void commit_failed_isOfUnknownOutcome(RuntimeException failure) {
        manager.failCommits(failure);
        assertThatThrownBy(
                        () -> manager.transaction().executeWithoutResult(status -> bridge.afterCompletion(seen::add)))
                .isSameAs(failure);
        assertThat(seen).containsExactly(Completion.UNKNOWN);
    }

    @Test
    void rollback_byTheCaller_isARollback() {
        manager.transaction().executeWithoutResult(status -> {
            bridge.afterCompletion(seen::add);
            status.setRollbackOnly();
        });
        assertThat(seen).containsExactly(Completion.ROLLED_BACK);
    }

    @Test
    void rollback_becauseABeforeCommitActionThrew_isARollback() {
        assertThatThrownBy(() -> manager.transaction().executeWithoutResult(status -> {
                    bridge.afterCompletion(seen::add);
                    bridge.beforeCommit(() -> {
                        throw new IllegalStateException("refused");
                    });
                }))
                .hasMessage("refused");
        assertThat(seen).containsExactly(Completion.ROLLED_BACK);
    }

    /** As JTA may do it. */
    @Test
    void transaction_completedOnAnotherThread_isNotTheNextOne() {
        TransactionSynchronizationManager.setActualTransactionActive(true);
        TransactionSynchronizationManager.initSynchronization();
        Object first = bridge.transaction();
        bridge.afterCompletion(seen::add);
        List<TransactionSynchronization> ends = TransactionSynchronizationManager.getSynchronizations();
        TransactionSynchronizationManager.clear();
        CompletableFuture.runAsync(
                        () -> ends.forEach(one -> one.afterCompletion(TransactionSynchronization.STATUS_COMMITTED)))
                .join();
        assertThat(seen).containsExactly(Completion.COMMITTED);
        manager.transaction()
                .executeWithoutResult(status -> assertThat(bridge.transaction()).isNotSameAs(first));
    }

    @Test
    void isolation_ofTransactionsWithoutConnection_isTheDeclaredOne() {
        TransactionTemplate transaction = manager.transaction();
        transaction.executeWithoutResult(
                status -> assertThat(bridge.isolation()).isEqualTo(Isolation.UNKNOWN));
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        transaction.executeWithoutResult(
                status -> assertThat(bridge.isolation()).isEqualTo(Isolation.READ_COMMITTED));
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_SERIALIZABLE);
        transaction.executeWithoutResult(
                status -> assertThat(bridge.isolation()).isEqualTo(Isolation.SERIALIZABLE));
    }

    /** Such as a session of MyBatis, which repeats what it has read. */
    @Test
    void isolation_besideASessionOfUnknownKind_isAtLeastRepeatableRead() {
        TransactionTemplate transaction = manager.transaction();
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        transaction.executeWithoutResult(status -> {
            TransactionSynchronizationManager.bindResource("factory", new ResourceHolderSupport() {});
            assertThat(bridge.isolation()).isEqualTo(Isolation.REPEATABLE_READ);
            TransactionSynchronizationManager.unbindResource("factory");
        });
    }
}
