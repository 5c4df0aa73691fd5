package dev.aside.demo;

import dev.aside.demo.data.Shop;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The shop's database beside the application. */
final class Database {
    private final String jdbcUrl;

    Database(String jdbcUrl) {
        this.jdbcUrl = jdbcUrl;
    }

    Connection connect() throws SQLException {
        Connection connection = DriverManager.getConnection(jdbcUrl);
        connection.setSchema(Shop.SCHEMA);
        return connection;
    }

    /** The first column of all rows. */
    List<String> column(String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                values.add(row.getString(1));
            }
        }
        return values;
    }

    /** The only value of the only row. */
    String value(String sql) throws SQLException {
        return column(sql).get(0);
    }
}
