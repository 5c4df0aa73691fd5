package dev.aside.spring.transaction;

import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/** Transactions of nothing, whose commit may fail. */
final class ManualManager extends AbstractPlatformTransactionManager {
    private final ThreadLocal<Integer> depth = ThreadLocal.withInitial(() -> 0);
    private RuntimeException commitFailure;

    /** Commits fail with this; the rollback that follows does nothing and reports success. */
    void failCommits(RuntimeException failure) {
        commitFailure = failure;
    }

    TransactionTemplate transaction() {
        return new TransactionTemplate(this);
    }

    TransactionTemplate transaction(int propagation) {
        TransactionTemplate template = transaction();
        template.setPropagationBehavior(propagation);
        return template;
    }

    @Override
    protected Object doGetTransaction() {
        return new Object();
    }

    @Override
    protected boolean isExistingTransaction(Object transaction) {
        return depth.get() > 0;
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
        depth.set(depth.get() + 1);
    }

    @Override
    protected Object doSuspend(Object transaction) {
        return "suspended";
    }

    @Override
    protected void doResume(Object transaction, Object suspendedResources) {
        // there is nothing to bind
    }

    @Override
    protected void doCommit(DefaultTransactionStatus status) {
        if (commitFailure != null) {
            throw commitFailure;
        }
    }

    @Override
    protected void doRollback(DefaultTransactionStatus status) {
        // there is nothing to roll back
    }

    @Override
    protected void doCleanupAfterCompletion(Object transaction) {
        depth.set(depth.get() - 1);
    }
}
