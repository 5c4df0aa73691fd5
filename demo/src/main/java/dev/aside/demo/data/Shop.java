package dev.aside.demo.data;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyOutputStream;
import org.postgresql.util.PSQLException;

/** Creates the shop's tables in a schema of their own and fills them. */
public final class Shop {
    /** Where the tables are; dropped and made anew. */
    public static final String SCHEMA = "aside_demo";

    private static final int REPORT_EVERY = 100_000;
    private static final String COPY = "COPY sales_line (invoice_no, stock_code, description, quantity, invoice_date,"
            + " unit_price, customer_id, country) FROM STDIN (FORMAT csv)";

    private Shop() {}

    /** What was loaded, in rows. */
    public record Loaded(long lines, long orders, long products, long customers, long countries) {
        @Override
        public String toString() {
            return String.format(
                    "%,d lines of %,d orders, %,d products, %,d customers, %,d countries",
                    lines, orders, products, customers, countries);
        }
    }

    /**
     * What is in the shop and makes a good example.
     *
     * @param sku a product of the first order
     * @param orderId an order of several products
     * @param customerId a customer with several roles
     */
    public record Examples(String sku, String orderId, int customerId) {}

    /**
     * Loads a shop in one transaction: COPY into a staging table, then SQL.
     *
     * @param jdbcUrl the database, user and password included
     * @param progress told the number of lines copied so far, every 100,000
     * @throws ShopDataException if the lines cannot be read; the database is as it was before
     * @throws SQLException if the database cannot be used
     */
    public static Loaded load(String jdbcUrl, SalesLines lines, LongConsumer progress) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbcUrl)) {
            connection.setAutoCommit(false);
            execute(connection, "DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE; CREATE SCHEMA " + SCHEMA);
            connection.setSchema(SCHEMA);
            execute(connection, resource("staging.sql"));
            copy(connection, lines, progress);
            execute(connection, resource("normalise.sql"));
            Loaded loaded = count(connection);
            connection.commit();
            return loaded;
        }
    }

    /**
     * Examples of what is in the shop.
     *
     * @throws SQLException if the database cannot be used, or is not a shop
     */
    public static Examples examples(String jdbcUrl) throws SQLException {
        String sql = "SELECT (SELECT sku FROM order_line ORDER BY order_id, line_no LIMIT 1),"
                + " (SELECT order_id FROM order_line GROUP BY order_id HAVING count(DISTINCT sku) BETWEEN 5 AND 12"
                + "   ORDER BY order_id LIMIT 1),"
                + " (SELECT customer_id FROM customer_role GROUP BY customer_id ORDER BY count(*) DESC, 1 LIMIT 1)";
        try (Connection connection = DriverManager.getConnection(jdbcUrl)) {
            connection.setSchema(SCHEMA);
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return new Examples(row.getString(1), row.getString(2), row.getInt(3));
            }
        }
    }

    private static void copy(Connection connection, SalesLines lines, LongConsumer progress) throws SQLException {
        PGCopyOutputStream copy = new PGCopyOutputStream(connection.unwrap(PGConnection.class), COPY);
        boolean done = false;
        try {
            CountingLines counting = new CountingLines(copy, progress);
            lines.writeTo(counting);
            counting.flush();
            copy.endCopy();
            done = true;
        } catch (IOException | SQLException e) {
            PSQLException refused = refusal(e);
            if (refused == null) {
                throw new ShopDataException("cannot copy " + lines.name() + " into PostgreSQL: " + e.getMessage(), e);
            }
            throw new ShopDataException(lines.name() + " is malformed: " + oneLine(refused), e);
        } finally {
            if (!done && copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private static @Nullable PSQLException refusal(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof PSQLException refused && refused.getServerErrorMessage() != null) {
                return refused;
            }
        }
        return null;
    }

    private static String oneLine(PSQLException refused) {
        var message = refused.getServerErrorMessage();
        String text = message == null ? refused.getMessage() : message.getMessage() + " (" + message.getWhere() + ")";
        return String.valueOf(text).replaceAll("\\s+", " ");
    }

    private static Loaded count(Connection connection) throws SQLException {
        String sql = "SELECT (SELECT count(*) FROM order_line), (SELECT count(*) FROM orders),"
                + " (SELECT count(*) FROM product), (SELECT count(*) FROM customer),"
                + " (SELECT count(DISTINCT country) FROM orders)";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return new Loaded(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5));
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String resource(String name) {
        try (InputStream in = Shop.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing beside " + Shop.class.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Counts line ends as they pass. One thread. */
    private static final class CountingLines extends FilterOutputStream {
        private final LongConsumer progress;
        private long lines;

        CountingLines(OutputStream out, LongConsumer progress) {
            super(out);
            this.progress = progress;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            for (int i = offset; i < offset + length; i++) {
                if (bytes[i] == '\n' && ++lines % REPORT_EVERY == 0) {
                    progress.accept(lines);
                }
            }
        }
    }
}
