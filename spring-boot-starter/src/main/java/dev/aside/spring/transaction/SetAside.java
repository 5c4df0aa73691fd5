package dev.aside.spring.transaction;

import dev.aside.cache.spi.TransactionBridge.Load;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** What is taken off the calling thread for the time of a load, as a transaction manager does to suspend a transaction. */
final class SetAside {
    private final @Nullable Scope scope;
    private final Map<Object, Object> resources = new LinkedHashMap<>();

    private SetAside(Predicate<Object> which) {
        // first, because what is synchronized unbinds its own resources
        this.scope = TransactionSynchronizationManager.isSynchronizationActive() ? Scope.suspend() : null;
        TransactionSynchronizationManager.getResourceMap().forEach((key, resource) -> {
            if (which.test(resource)) {
                resources.put(key, resource);
            }
        });
        resources.keySet().forEach(TransactionSynchronizationManager::unbindResourceIfPossible);
    }

    /**
     * Runs a load outside of a transaction, without what hands out state from before it.
     *
     * @throws Throwable what the load throws
     */
    static <T> T during(Load<T> load, BoundResources bound) throws Throwable {
        if (bound.upToDate()) {
            return load.load();
        }
        SetAside aside = new SetAside(bound.outdated());
        try {
            return load.load();
        } finally {
            aside.restore();
        }
    }

    private void restore() {
        resources.forEach((key, resource) -> {
            // what the load has left behind must not keep what was there before from its owner
            TransactionSynchronizationManager.unbindResourceIfPossible(key);
            TransactionSynchronizationManager.bindResource(key, resource);
        });
        if (scope != null) {
            scope.resume();
        }
    }

    /**
     * A scope such as {@code SUPPORTS} while it is suspended. It binds resources until its end although there is no
     * transaction; one of the load's would clear all of this from the thread.
     */
    private record Scope(
            List<TransactionSynchronization> synchronizations,
            @Nullable String name,
            boolean readOnly,
            @Nullable Integer isolation) {

        static Scope suspend() {
            Scope scope = new Scope(
                    TransactionSynchronizationManager.getSynchronizations(),
                    TransactionSynchronizationManager.getCurrentTransactionName(),
                    TransactionSynchronizationManager.isCurrentTransactionReadOnly(),
                    TransactionSynchronizationManager.getCurrentTransactionIsolationLevel());
            scope.synchronizations.forEach(TransactionSynchronization::suspend);
            TransactionSynchronizationManager.clear();
            return scope;
        }

        void resume() {
            TransactionSynchronizationManager.initSynchronization();
            TransactionSynchronizationManager.setCurrentTransactionName(name);
            TransactionSynchronizationManager.setCurrentTransactionReadOnly(readOnly);
            TransactionSynchronizationManager.setCurrentTransactionIsolationLevel(isolation);
            synchronizations.forEach(one -> {
                one.resume();
                TransactionSynchronizationManager.registerSynchronization(one);
            });
        }
    }
}
