package dev.aside.cache;

import dev.aside.cache.spi.TransactionBridge;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Transactions over plain JDBC, one per thread: what a bridge has to do, without a framework. */
final class JdbcTransactions implements TransactionBridge {
    private final Source source;
    private static final ThreadLocal<Transaction> CURRENT = new ThreadLocal<>();

    interface Source {
        Connection connect() throws SQLException;
    }

    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    private record Transaction(
            Connection connection,
            Isolation isolation,
            boolean readOnly,
            List<Runnable> before,
            List<Runnable> after,
            List<Consumer<Completion>> completed) {}

    JdbcTransactions(Source source) {
        this.source = source;
    }

    void begin(Isolation isolation, boolean readOnly) {
        try {
            Connection connection = source.connect();
            connection.setAutoCommit(false);
            connection.setReadOnly(readOnly);
            connection.setTransactionIsolation(
                    isolation == Isolation.READ_COMMITTED
                            ? Connection.TRANSACTION_READ_COMMITTED
                            : Connection.TRANSACTION_REPEATABLE_READ);
            CURRENT.set(new Transaction(
                    connection, isolation, readOnly, new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void commit() {
        Transaction ending = CURRENT.get();
        try {
            ending.before.forEach(Runnable::run);
        } catch (RuntimeException e) {
            rollback();
            throw e;
        }
        try {
            ending.connection.commit();
        } catch (SQLException e) {
            end(ending, Completion.UNKNOWN);
            throw new IllegalStateException(e);
        }
        ending.after.forEach(Runnable::run);
        end(ending, Completion.COMMITTED);
    }

    void rollback() {
        Transaction ending = CURRENT.get();
        try {
            ending.connection.rollback();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } finally {
            end(ending, Completion.ROLLED_BACK);
        }
    }

    private void end(Transaction ending, Completion completion) {
        CURRENT.remove();
        ending.completed.forEach(action -> action.accept(completion));
        try {
            ending.connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The server's process behind the transaction. */
    int backend() {
        // in the session itself, so that no other connection is meant
        return call(connection -> {
            ResultSet row = connection.createStatement().executeQuery("select pg_backend_pid()");
            row.next();
            return row.getInt(1);
        });
    }

    /** Works in the thread's transaction, or on a connection of its own. */
    <T> T call(Work<T> work) {
        Transaction mine = CURRENT.get();
        try {
            if (mine != null) {
                return work.run(mine.connection);
            }
            try (Connection connection = source.connect()) {
                return work.run(connection);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean active() {
        return CURRENT.get() != null;
    }

    @Override
    public Object transaction() {
        return CURRENT.get();
    }

    @Override
    public boolean readOnly() {
        return CURRENT.get().readOnly;
    }

    @Override
    public Isolation isolation() {
        return CURRENT.get().isolation;
    }

    @Override
    public void beforeCommit(Runnable action) {
        CURRENT.get().before.add(action);
    }

    @Override
    public void afterCommit(Runnable action) {
        CURRENT.get().after.add(action);
    }

    @Override
    public void afterCompletion(Consumer<Completion> action) {
        CURRENT.get().completed.add(action);
    }
}
