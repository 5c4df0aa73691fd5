package dev.aside.spring.transaction;

import dev.aside.cache.spi.TransactionBridge.Isolation;
import java.sql.SQLException;
import java.util.Map;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.util.ConcurrentReferenceHashMap;
import org.springframework.util.ConcurrentReferenceHashMap.ReferenceType;

/** Connections that spring-jdbc binds. Loaded only where that is present. Thread-safe. */
final class SpringJdbcConnections implements Connections {
    // it costs a round trip; by data source, without keeping one alive
    private final Map<Object, Isolation> known = new ConcurrentReferenceHashMap<>(16, ReferenceType.WEAK);

    @Override
    public boolean isOne(Object resource) {
        return resource instanceof ConnectionHolder;
    }

    @Override
    public Isolation ofDatabase(Object dataSource, Object connection) {
        Isolation before = known.get(dataSource);
        if (before != null) {
            return before;
        }
        try {
            Isolation found = Connections.isolation(
                    ((ConnectionHolder) connection).getConnection().getTransactionIsolation());
            known.put(dataSource, found);
            return found;
        } catch (SQLException e) {
            return Isolation.UNKNOWN; // an aborted transaction, say: the next one is asked
        }
    }
}
