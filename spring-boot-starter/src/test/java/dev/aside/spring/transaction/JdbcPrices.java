package dev.aside.spring.transaction;

import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** On the connection of the thread's transaction, or one of its own. */
final class JdbcPrices implements Prices {
    private final JdbcTemplate jdbc;

    JdbcPrices(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    @Override
    public Integer of(String sku) {
        List<Integer> found = jdbc.queryForList("select price from prices where sku = ?", Integer.class, sku);
        return found.isEmpty() ? null : found.get(0);
    }

    @Override
    public void set(String sku, int price) {
        jdbc.update("update prices set price = ? where sku = ?", price, sku);
    }

    @Override
    public void setFenced(String sku, int price) {
        set(sku, price);
    }
}
