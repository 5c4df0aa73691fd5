package dev.aside.spring.transaction;

import dev.aside.cache.spi.TransactionBridge;
import java.util.function.Consumer;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The transactions of Spring, whichever {@code PlatformTransactionManager} runs them, as long as it has synchronization
 * switched on, which is the default. Reactive transactions are not seen.
 *
 * <p>Invalidations run before other after-commit actions, fences are placed after other before-commit actions.
 * {@code REQUIRES_NEW} is a transaction of its own and {@code NOT_SUPPORTED} is none. {@code NESTED} belongs to the
 * transaction around it: what is rolled back to a savepoint is invalidated once too often when that commits.
 *
 * <p>A persistence context of JPA hands out what it has read before. So nothing that is read inside a JPA transaction is
 * kept, and a load outside of one does not see a context that is open around it, as in a web request; the entities it
 * returns do not belong to that context either.
 *
 * <p>A commit that fails counts as unknown, unless a single JDBC connection is all there is and has rolled back: {@code
 * JpaTransactionManager} reports a commit whose connection broke as rolled back.
 *
 * <p>Thread-safe. Works without spring-jdbc and without spring-orm.
 */
public final class SpringTransactionBridge implements TransactionBridge {
    private final BoundResources resources = new BoundResources();

    /** A bridge; one serves a whole process, and several do no harm. */
    public SpringTransactionBridge() {}

    @Override
    public boolean active() {
        // Spring ends the synchronization, but not yet the transaction, before it runs after-completion actions
        return TransactionSynchronizationManager.isActualTransactionActive()
                && TransactionSynchronizationManager.isSynchronizationActive();
    }

    @Override
    public Object transaction() {
        return current();
    }

    @Override
    public boolean readOnly() {
        return TransactionSynchronizationManager.isCurrentTransactionReadOnly();
    }

    /**
     * The level that the transaction asked for, or else the database's default, which is found out once per data source:
     * the targets of a routing one must agree. At least REPEATABLE READ where anything but a single JDBC connection takes
     * part, because it may hand out what it has read before.
     */
    @Override
    public Isolation isolation() {
        return resources.isolation();
    }

    @Override
    public <T> T fresh(Load<T> load) throws Throwable {
        // inside a transaction the isolation has told what may be kept
        return active() ? load.load() : SetAside.during(load, resources);
    }

    @Override
    public void beforeCommit(Runnable action) {
        current().beforeCommit(action);
    }

    @Override
    public void afterCommit(Runnable action) {
        current().afterCommit(action);
    }

    @Override
    public void afterCompletion(Consumer<Completion> action) {
        current().afterCompletion(action);
    }

    private SpringTransaction current() {
        return SpringTransaction.current(this, resources);
    }
}
