package dev.aside.spring.transaction;

import dev.aside.cache.spi.TransactionBridge.Isolation;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.util.ClassUtils;

/** JDBC connections among the resources of a thread. Thread-safe. */
interface Connections {

    /** Whether a resource is a connection. */
    boolean isOne(Object resource);

    /** The isolation of transactions that ask for none. */
    Isolation ofDatabase(Object dataSource, Object connection);

    /** Connections as far as there is spring-jdbc. */
    static Connections find() {
        boolean jdbc = ClassUtils.isPresent(
                "org.springframework.jdbc.datasource.ConnectionHolder", Connections.class.getClassLoader());
        return jdbc ? new SpringJdbcConnections() : new NoConnections();
    }

    /** What JDBC and Spring call a level, by the same numbers. */
    static Isolation isolation(int level) {
        return switch (level) {
            case TransactionDefinition.ISOLATION_READ_UNCOMMITTED -> Isolation.READ_UNCOMMITTED;
            case TransactionDefinition.ISOLATION_READ_COMMITTED -> Isolation.READ_COMMITTED;
            case TransactionDefinition.ISOLATION_REPEATABLE_READ -> Isolation.REPEATABLE_READ;
            case TransactionDefinition.ISOLATION_SERIALIZABLE -> Isolation.SERIALIZABLE;
            default -> Isolation.UNKNOWN;
        };
    }

    /** There is no spring-jdbc, so no resource is a connection. */
    final class NoConnections implements Connections {
        @Override
        public boolean isOne(Object resource) {
            return false;
        }

        @Override
        public Isolation ofDatabase(Object dataSource, Object connection) {
            return Isolation.UNKNOWN;
        }
    }
}
