package dev.aside.spring.transaction;

import dev.aside.spring.transaction.Manager.Access;
import dev.aside.testkit.PostgresServer;
import java.util.EnumMap;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** A real database with the prices of "a" and "b". */
final class PriceDatabase {
    private static final PriceDatabase SHARED = new PriceDatabase();

    private final String url = PostgresServer.shared().createDatabase("prices");
    private final JdbcTemplate direct = new JdbcTemplate(dataSource(url));
    private final Map<Manager, Access> accesses = new EnumMap<>(Manager.class);

    private PriceDatabase() {
        direct.execute("create table prices (sku text primary key, price int not null)");
    }

    static PriceDatabase shared() {
        return SHARED;
    }

    String url() {
        return url;
    }

    static DataSource dataSource(String url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        return source;
    }

    synchronized Access access(Manager manager) {
        return accesses.computeIfAbsent(manager, wanted -> wanted.open(dataSource(url)));
    }

    /** Both cost 1 again. */
    void reset() {
        direct.execute("truncate prices");
        direct.execute("insert into prices values ('a', 1), ('b', 1)");
    }

    /** What is committed. */
    int price(String sku) {
        return direct.queryForObject("select price from prices where sku = ?", Integer.class, sku);
    }

    boolean someoneWaitsForALock() {
        return direct.queryForObject(
                        "select count(*) from pg_stat_activity"
                                + " where datname = current_database() and wait_event_type = 'Lock'",
                        Integer.class)
                > 0;
    }
}
