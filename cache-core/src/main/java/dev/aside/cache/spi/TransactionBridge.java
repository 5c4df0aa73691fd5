package dev.aside.cache.spi;

import java.util.function.Consumer;

/**
 * The database transaction of the calling thread, as whatever manages transactions knows it. Inside a transaction that
 * may hold uncommitted or old data the caches are read but not filled, and its invalidations wait for the commit.
 *
 * <p>Thread-safe. All methods are about the calling thread and are asked on it; none blocks. Only {@link #active} may be
 * called when no transaction is active.
 */
public interface TransactionBridge {

    /** How far a transaction is apart from others. */
    enum Isolation {
        READ_UNCOMMITTED,
        READ_COMMITTED,
        REPEATABLE_READ,
        SERIALIZABLE,
        /** Not known; counts as above READ COMMITTED, so find out the database's default if you can. */
        UNKNOWN
    }

    /** How a transaction ended. */
    enum Completion {
        COMMITTED,
        ROLLED_BACK,
        /** Nobody knows, such as after a connection was lost during the commit; counts as committed. */
        UNKNOWN
    }

    /**
     * Whether a transaction is active. False once its after-completion actions run; while its after-commit actions run
     * either is right.
     */
    boolean active();

    /** An object that stands for the active transaction: the same one until it completes, by identity. */
    Object transaction();

    /** Whether the transaction is declared to write nothing. */
    boolean readOnly();

    /** How far the transaction is apart from others. */
    Isolation isolation();

    /** A load of a value. */
    @FunctionalInterface
    interface Load<T> {
        T load() throws Throwable;
    }

    /**
     * Runs a load whose value others will be given, apart from what the calling thread has read before and holds on to: an
     * open persistence context hands out its own state, which may be older than the database's. Called on any thread, with
     * or without a transaction.
     *
     * @throws Throwable what the load throws
     */
    default <T> T fresh(Load<T> load) throws Throwable {
        return load.load();
    }

    /** Has the action run before the transaction commits; what it throws rolls the transaction back. */
    void beforeCommit(Runnable action);

    /** Has the action run right after the transaction has committed, on the thread that committed it. */
    void afterCommit(Runnable action);

    /** Has the action run when the transaction has ended, after {@link #afterCommit} if it committed. */
    void afterCompletion(Consumer<Completion> action);
}
