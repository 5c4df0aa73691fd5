package dev.aside.spring.transaction;

import dev.aside.cache.spi.TransactionBridge.Completion;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.core.Ordered;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * One transaction, from the first question about it to its end, with what is to be done then. Bound to its thread as a
 * resource, except while it is suspended.
 *
 * <p>Belongs to the thread of the transaction. Only its completion may come on another one, as with JTA.
 */
final class SpringTransaction {
    private final Object key;
    private final BoundResources resources;
    private final List<Runnable> beforeCommit = new ArrayList<>();
    private final List<Runnable> afterCommit = new ArrayList<>();
    private final List<Consumer<Completion>> afterCompletion = new ArrayList<>();
    private Failure failure = Failure.AS_TOLD;
    private boolean committing;
    private volatile boolean over;

    /** What it means if the transaction does not commit. */
    private enum Failure {
        /** What Spring says: no commit has been tried, or on a connection whose rollback is a rollback. */
        AS_TOLD,
        /** Marked rollback-only, the commit cannot have happened. */
        ROLLED_BACK,
        /** Nobody knows whether the commit has reached the database. */
        UNKNOWN
    }

    private SpringTransaction(Object key, BoundResources resources) {
        this.key = key;
        this.resources = resources;
    }

    /**
     * The calling thread's transaction.
     *
     * @param key what it is bound by
     * @throws IllegalStateException if there is none
     */
    static SpringTransaction current(Object key, BoundResources resources) {
        if (TransactionSynchronizationManager.getResource(key) instanceof SpringTransaction known) {
            if (!known.over) {
                return known;
            }
            // completed on another thread, which could not unbind it here
            TransactionSynchronizationManager.unbindResource(key);
        }
        SpringTransaction begun = new SpringTransaction(key, resources);
        TransactionSynchronizationManager.registerSynchronization(begun.new First());
        TransactionSynchronizationManager.registerSynchronization(begun.new Last());
        TransactionSynchronizationManager.bindResource(key, begun);
        return begun;
    }

    void beforeCommit(Runnable action) {
        if (committing || beforeCommitUnderWay()) {
            action.run();
        } else {
            beforeCommit.add(action);
        }
    }

    /** Spring lists its before-commit actions once, and does not say that it has. Asked for fenced writes only. */
    private static boolean beforeCommitUnderWay() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals("triggerBeforeCommit")));
    }

    void afterCommit(Runnable action) {
        afterCommit.add(action);
    }

    void afterCompletion(Consumer<Completion> action) {
        afterCompletion.add(action);
    }

    private Completion completion(int status) {
        if (status == TransactionSynchronization.STATUS_COMMITTED) {
            return Completion.COMMITTED;
        }
        return switch (failure) {
            case ROLLED_BACK -> Completion.ROLLED_BACK;
            case UNKNOWN -> Completion.UNKNOWN;
            case AS_TOLD ->
                status == TransactionSynchronization.STATUS_ROLLED_BACK ? Completion.ROLLED_BACK : Completion.UNKNOWN;
        };
    }

    /** Runs each action, whatever becomes of the others. */
    private static <A> void runAll(List<A> actions, Consumer<A> run) {
        RuntimeException failed = null;
        for (A action : List.copyOf(actions)) {
            try {
                run.accept(action);
            } catch (RuntimeException e) {
                if (failed == null) {
                    failed = e;
                } else {
                    failed.addSuppressed(e);
                }
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    /** Before all others: they must meet no value that the transaction has changed. */
    private final class First implements TransactionSynchronization {
        @Override
        public int getOrder() {
            return Ordered.HIGHEST_PRECEDENCE;
        }

        @Override
        public void suspend() {
            TransactionSynchronizationManager.unbindResourceIfPossible(key);
        }

        @Override
        public void resume() {
            TransactionSynchronizationManager.bindResource(key, SpringTransaction.this);
        }

        @Override
        public void afterCommit() {
            runAll(afterCommit, Runnable::run);
        }

        @Override
        public void afterCompletion(int status) {
            over = true;
            if (TransactionSynchronizationManager.getResource(key) == SpringTransaction.this) {
                TransactionSynchronizationManager.unbindResource(key);
            }
            runAll(afterCompletion, action -> action.accept(completion(status)));
        }
    }

    /** After all others: fences stand no longer than they must, and the commit is what comes next. */
    private final class Last implements TransactionSynchronization {
        @Override
        public int getOrder() {
            return Ordered.LOWEST_PRECEDENCE;
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            List.copyOf(beforeCommit).forEach(Runnable::run);
            committing = true;
            failure = resources.doomed()
                    ? Failure.ROLLED_BACK
                    : resources.plainJdbc() ? Failure.AS_TOLD : Failure.UNKNOWN;
        }
    }
}
