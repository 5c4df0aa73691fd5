package dev.aside.demo.shop;

import dev.aside.offload.JobContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Orders in PostgreSQL. */
@Repository
class JdbcSales implements SalesRepository {
    private static final YearMonth EARLIEST = YearMonth.of(1, 1);
    private static final YearMonth LATEST = YearMonth.of(9999, 1);

    private final JdbcClient jdbc;
    private final JdbcTemplate template;

    JdbcSales(JdbcTemplate template) {
        this.jdbc = JdbcClient.create(template);
        this.template = template;
    }

    @Override
    public List<String> skusOf(String orderId) {
        return jdbc.sql("SELECT sku FROM order_line WHERE order_id = :id ORDER BY line_no")
                .param("id", orderId)
                .query(String.class)
                .list();
    }

    @Override
    public List<Country> countries() {
        String sql = """
                SELECT country AS name, count(*) AS orders, count(DISTINCT customer_id) AS customers
                FROM orders
                GROUP BY country
                ORDER BY country
                """;
        return jdbc.sql(sql).query(Country.class).list();
    }

    @Override
    public Totals totals() {
        String sql = """
                SELECT count(*) AS orders, count(*) FILTER (WHERE cancelled) AS cancelled_orders,
                       sum(lines) AS lines, count(DISTINCT customer_id) AS customers, sum(revenue) AS revenue
                FROM (SELECT o.id, o.cancelled, o.customer_id, count(*) AS lines,
                             sum(l.quantity * l.unit_price) AS revenue
                      FROM orders o JOIN order_line l ON l.order_id = o.id
                      GROUP BY o.id) placed
                """;
        return jdbc.sql(sql).query(Totals.class).single();
    }

    @Override
    public Optional<Months> months() {
        return jdbc.sql("SELECT min(ordered_at) AS first, max(ordered_at) AS last FROM orders HAVING count(*) > 0")
                .query((row, number) -> new Months(
                        YearMonth.from(row.getTimestamp("first").toLocalDateTime()),
                        YearMonth.from(row.getTimestamp("last").toLocalDateTime())))
                .optional();
    }

    @Override
    public SalesReport report(@Nullable YearMonth month, JobContext job) {
        job.progress(0, 1, "adding up " + (month == null ? "all months" : month));
        List<SalesReport.Row> rows = template.query(
                connection -> statement(connection, month, job),
                (row, number) -> new SalesReport.Row(
                        row.getString("month"),
                        row.getString("country"),
                        row.getLong("orders"),
                        row.getBigDecimal("revenue"),
                        row.getBigDecimal("median_line")));
        job.progress(1, 1, rows.size() + " rows");
        return SalesReport.of(rows);
    }

    @Override
    public List<Bestseller> bestsellers() {
        String sql = """
                SELECT l.sku, p.name, count(DISTINCT l.order_id) AS orders, sum(l.quantity * l.unit_price) AS revenue,
                       round(100 * sum(l.quantity * l.unit_price) / sum(sum(l.quantity * l.unit_price)) OVER (), 3)
                         AS share
                FROM order_line l JOIN product p ON p.sku = l.sku
                GROUP BY l.sku, p.name
                ORDER BY revenue DESC, l.sku
                LIMIT 20
                """;
        return jdbc.sql(sql).query(Bestseller.class).list();
    }

    @Override
    public Optional<Order> order(String orderId) {
        List<Order.Line> lines = jdbc.sql("SELECT l.sku, p.name, l.quantity, l.unit_price FROM order_line l"
                        + " JOIN product p ON p.sku = l.sku WHERE l.order_id = :id ORDER BY l.line_no")
                .param("id", orderId)
                .query(Order.Line.class)
                .list();
        return jdbc.sql("SELECT id, country, ordered_at FROM orders WHERE id = :id")
                .param("id", orderId)
                .query((row, number) -> new Order(
                        row.getString("id"),
                        row.getString("country"),
                        row.getTimestamp("ordered_at").toLocalDateTime(),
                        lines))
                .optional();
    }

    private static PreparedStatement statement(Connection connection, @Nullable YearMonth month, JobContext job)
            throws SQLException {
        String sql = """
                SELECT to_char(date_trunc('month', o.ordered_at), 'YYYY-MM') AS month, o.country,
                       count(DISTINCT o.id) AS orders, sum(l.quantity * l.unit_price) AS revenue,
                       round(percentile_cont(0.5) WITHIN GROUP (ORDER BY l.quantity * l.unit_price)::numeric, 2)
                         AS median_line
                FROM orders o JOIN order_line l ON l.order_id = o.id
                WHERE o.ordered_at >= ? AND o.ordered_at < ?
                GROUP BY 1, 2
                ORDER BY 1, 2
                """;
        YearMonth from = month == null ? EARLIEST : month;
        YearMonth to = month == null ? LATEST : month.plusMonths(1);
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setTimestamp(1, Timestamp.valueOf(from.atDay(1).atStartOfDay()));
        statement.setTimestamp(2, Timestamp.valueOf(to.atDay(1).atStartOfDay()));
        job.onCancel(() -> cancel(statement));
        return statement;
    }

    private static void cancel(PreparedStatement statement) {
        try {
            statement.cancel();
        } catch (SQLException e) {
            throw new IllegalStateException("the report's statement could not be cancelled", e);
        }
    }
}
