package dev.aside.spring.transaction;

import dev.aside.cache.spi.TransactionBridge.Isolation;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.ResourceHolder;
import org.springframework.transaction.support.ResourceHolderSupport;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What Spring has bound to the calling thread: connections, persistence contexts, sessions of other kinds. All but a single
 * JDBC connection is taken to hold on to what it has read, for nobody says that it does not.
 *
 * <p>Thread-safe.
 */
final class BoundResources {
    private final Connections connections = Connections.find();
    private final Predicate<Object> persistenceContexts = PersistenceContexts.find();

    /** How far what the thread reads in its transaction is apart from what others commit. */
    Isolation isolation() {
        Integer declared = TransactionSynchronizationManager.getCurrentTransactionIsolationLevel();
        if (holdOnToReads()) {
            Isolation level = declared == null ? Isolation.REPEATABLE_READ : Connections.isolation(declared);
            return level.compareTo(Isolation.REPEATABLE_READ) < 0 ? Isolation.REPEATABLE_READ : level;
        }
        return declared == null ? ofDatabase() : Connections.isolation(declared);
    }

    private Isolation ofDatabase() {
        Map.Entry<Object, Object> connection = connection();
        return connection == null
                ? Isolation.UNKNOWN
                : connections.ofDatabase(connection.getKey(), connection.getValue());
    }

    private Map.@Nullable Entry<Object, Object> connection() {
        for (Map.Entry<Object, Object> resource : bound().entrySet()) {
            if (connections.isOne(resource.getValue())) {
                return resource;
            }
        }
        return null;
    }

    private boolean holdOnToReads() {
        return holders() > 0 && !plainJdbc();
    }

    /** Whether a single JDBC connection is all there is. */
    boolean plainJdbc() {
        return holders() == 1 && connection() != null;
    }

    private static long holders() {
        return bound().values().stream()
                .filter(ResourceHolder.class::isInstance)
                .count();
    }

    /** Whether the transaction can do nothing but roll back. */
    boolean doomed() {
        return connection() != null
                && bound().values().stream()
                        .filter(connections::isOne)
                        .allMatch(one -> one instanceof ResourceHolderSupport holder && holder.isRollbackOnly());
    }

    /** Whether a load outside of a transaction is given what is committed now, whatever is bound around it. */
    boolean upToDate() {
        return holders() == 0
                || (plainJdbc() && (!unsynchronized() || isolation().compareTo(Isolation.READ_COMMITTED) <= 0));
    }

    /**
     * What such a load must not see: persistence contexts, and while after-completion actions run, the connection, which may
     * have the snapshot of the first of them.
     */
    Predicate<Object> outdated() {
        return unsynchronized() ? persistenceContexts.or(connections::isOne) : persistenceContexts;
    }

    /** Spring ends the synchronization first, and unbinds the rest only when all after-completion actions have run. */
    private static boolean unsynchronized() {
        return !TransactionSynchronizationManager.isSynchronizationActive();
    }

    private static Map<Object, Object> bound() {
        return TransactionSynchronizationManager.getResourceMap();
    }
}
